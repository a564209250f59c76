package enishi.agent.capture;

import static enishi.agent.kernel.NatNamespace.SERVER;
import static enishi.agent.kernel.NatNamespace.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.NatNamespace;
import enishi.model.Address;
import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a rung tells of a network namespace that translates. */
@Tag("root")
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class NatWatchTest {
    private final List<Capture> all = new ArrayList<>();
    private NatNamespace namespace;
    private long number;
    private Instant now = Instant.now();

    @BeforeEach
    void start() throws IOException {
        namespace = new NatNamespace();
        number = namespace.number();
    }

    @AfterEach
    void end() throws IOException {
        namespace.close();
    }

    private CaptureRung open(Rung rung) throws CaptureException {
        return new Ladder(Path.of("/proc"), () -> now, Ladder.Extras.NONE).open(Optional.of(rung));
    }

    private Translated adopted() {
        return through(0);
    }

    private Translated begun() {
        return through(1);
    }

    private Translated through(long begun) {
        return new Translated(
                number,
                Transport.UDP,
                Address.parse(SERVER),
                Address.parse(SERVICE),
                53,
                Address.parse(SERVER),
                5353,
                Address.parse(SERVER),
                begun,
                1);
    }

    /** What the last poll told of the namespace. */
    private List<Capture> poll(CaptureRung rung) throws CaptureException {
        all.clear();
        rung.poll(all::add, false);
        return all.stream()
                .filter(each -> (each instanceof Translated told && told.namespace() == number)
                        || (each instanceof TrackedForgotten gone && gone.namespace() == number))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"EBPF", "EBPF_TCP", "SOCK_DIAG"})
    void whatIsThereIsAdoptedAndWhatBeginsIsCounted(Rung which) throws Exception {
        namespace.send(SERVICE, 53, 3);
        try (CaptureRung rung = open(which)) {
            assertThat(poll(rung))
                    .containsExactly(
                            new TrackedForgotten(number),
                            adopted(),
                            adopted(),
                            adopted(), // before it is listened to
                            new TrackedForgotten(number),
                            adopted(),
                            adopted(),
                            adopted());
            assertThat(rung.nat()).isEqualTo(NatWatch.TOLD);
            assertThat(poll(rung)).isEmpty();
            namespace.send(SERVER, 5353, 3); // the same ports: these three go on, and nothing translates them
            namespace.send(SERVICE, 53, 5);
            assertThat(poll(rung)).containsExactly(begun(), begun());
            assertThat(rung.limits()).noneMatch(each -> each.contains("NAT") || each.contains("conntrack"));
        }
    }

    /** Who listens has the kernel write a notice of every connection: only who has something to hear does. */
    @Test
    void nobodyListensWhereNothingIsTranslated() throws Exception {
        namespace.send(SERVER, 5353, 3);
        try (CaptureRung rung = open(Rung.SOCK_DIAG)) {
            poll(rung);
            assertThat(rung.nat()).isEqualTo(NatWatch.IDLE);
            namespace.send(SERVICE, 53, 2);
            assertThat(poll(rung)).isEmpty();
            now = now.plusSeconds(11);
            assertThat(poll(rung))
                    .containsExactly(
                            new TrackedForgotten(number),
                            adopted(),
                            adopted(),
                            new TrackedForgotten(number),
                            adopted(),
                            adopted());
            assertThat(rung.nat()).isEqualTo(NatWatch.TOLD);
        }
    }

    @Test
    void whereTheKernelTellsNothingAllIsReadAnewNowAndThen() throws Exception {
        namespace.run("sh", "-c", "echo 0 >/proc/sys/net/netfilter/nf_conntrack_events");
        namespace.send(SERVICE, 53, 1);
        try (CaptureRung rung = open(Rung.SOCK_DIAG)) {
            poll(rung);
            assertThat(rung.nat()).startsWith("polled: nf_conntrack_events is 0");
            assertThat(rung.limits()).anyMatch(each -> each.contains("polled and its connections are not counted"));
        }
    }

    @Test
    void aNamespaceThatIsGoneTracksNothing() throws Exception {
        namespace.send(SERVICE, 53, 1);
        try (CaptureRung rung = open(Rung.SOCK_DIAG)) {
            poll(rung);
            namespace.close();
            List<Capture> told = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // namespaces are looked for at every third poll
                told.addAll(poll(rung));
            }
            assertThat(told).containsExactly(new TrackedForgotten(number));
        }
    }
}
