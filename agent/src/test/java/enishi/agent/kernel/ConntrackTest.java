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

    @Test
    void whatIsTranslatedIsToldAndNothingElsePassesTheKernel() throws Exception {
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            conntrack.listen();
            namespace.send(SERVER, 5353, 200);
            namespace.send(SERVICE, 53, 3);
            List<ConntrackEntry> begun = new ArrayList<>();
            conntrack.drain(begun::add);
            assertThat(conntrack.drops()).isZero();
            assertThat(begun).hasSize(3).allMatch(TRANSLATED::equals);
            assertThat(conntrack.passed()).isEqualTo(3);
            assertThat(conntrack.malformed()).isZero();
        }
    }

    @Test
    void nothingIsToldBeforeItIsListenedTo() throws Exception {
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            namespace.send(SERVICE, 53, 3);
            List<ConntrackEntry> begun = new ArrayList<>();
            conntrack.drain(begun::add);
            assertThat(begun).isEmpty();
            assertThat(conntrack.listen()).isTrue();
            assertThat(conntrack.listen()).isFalse();
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
    void anOverflowIsCountedAndADumpMakesUpForIt() throws Exception {
        try (Conntrack conntrack = opened(8_192)) {
            conntrack.listen();
            namespace.send(SERVICE, 53, 500);
            List<ConntrackEntry> begun = new ArrayList<>();
            conntrack.drain(begun::add);
            assertThat(begun).hasSizeBetween(1, 499);
            assertThat(conntrack.drops()).isEqualTo(500 - begun.size());
            List<ConntrackEntry> shown = new ArrayList<>();
            conntrack.dump(shown::add);
            assertThat(shown).hasSize(500);
        }
    }
}
