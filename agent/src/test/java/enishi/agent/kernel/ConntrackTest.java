package enishi.agent.kernel;

import static enishi.agent.kernel.NatNamespace.SERVER;
import static enishi.agent.kernel.NatNamespace.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What connection tracking tells of a network namespace of this test's own. */
@Tag("root")
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class ConntrackTest {
    private static final ConntrackEntry TRANSLATED = new ConntrackEntry(
            17, Address.parse(SERVER), Address.parse(SERVICE), 53, Address.parse(SERVER), 5353, Address.parse(SERVER));

    private NatNamespace namespace;

    @BeforeEach
    void start() throws IOException {
        namespace = new NatNamespace();
    }

    @AfterEach
    void end() throws IOException {
        namespace.close();
    }

    private Conntrack opened(int roomBytes) throws Exception {
        ReceivedWords words = new ReceivedWords();
        return NetworkNamespace.inside(namespace.file(), () -> Conntrack.open(words, roomBytes));
    }

    private static final class Told implements Conntrack.Sink {
        final List<ConntrackEntry> begun = new ArrayList<>();
        final List<ConntrackEntry> ended = new ArrayList<>();

        @Override
        public void begun(ConntrackEntry entry) {
            begun.add(entry);
        }

        @Override
        public void ended(ConntrackEntry entry) {
            ended.add(entry);
        }
    }

    @Test
    void whatIsTranslatedIsToldAndNothingElsePassesTheKernel() throws Exception {
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            namespace.send(SERVER, 5353, 200);
            namespace.send(SERVICE, 53, 3);
            Told told = new Told();
            assertThat(conntrack.drain(told)).isFalse();
            assertThat(told.begun).hasSize(3).allMatch(TRANSLATED::equals);
            assertThat(conntrack.passed()).isEqualTo(3);
            assertThat(conntrack.malformed()).isZero();
        }
    }

    /** What timed out is thrown out by whoever meets it, such as a dump. */
    @Test
    void anEndIsToldToo() throws Exception {
        namespace.run("sh", "-c", "echo 1 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout");
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            namespace.send(SERVICE, 53, 1);
            Told told = new Told();
            long endNanos = System.nanoTime() + 10_000_000_000L;
            while (told.ended.isEmpty() && System.nanoTime() < endNanos) {
                conntrack.dump(each -> {});
                conntrack.drain(told);
            }
            assertThat(told.begun).containsExactly(TRANSLATED);
            assertThat(told.ended).containsExactly(TRANSLATED);
        }
    }

    @Test
    void aDumpShowsWhatWasThereBefore() throws Exception {
        namespace.send(SERVICE, 53, 5);
        namespace.send(SERVER, 5353, 5);
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            List<ConntrackEntry> shown = new ArrayList<>();
            conntrack.dump(shown::add);
            assertThat(shown).hasSize(5).allMatch(TRANSLATED::equals);
        }
    }

    @Test
    void anOverflowIsToldAndADumpMakesUpForIt() throws Exception {
        try (Conntrack conntrack = opened(8_192)) {
            namespace.send(SERVICE, 53, 500);
            Told told = new Told();
            assertThat(conntrack.drain(told)).isTrue();
            assertThat(told.begun).hasSizeBetween(1, 499);
            assertThat(conntrack.drops()).isEqualTo(500 - told.begun.size());
            List<ConntrackEntry> shown = new ArrayList<>();
            conntrack.dump(shown::add);
            assertThat(shown).hasSize(500);
        }
    }
}
