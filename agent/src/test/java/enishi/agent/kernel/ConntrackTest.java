package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    /** A service address that nobody holds, a server and another server that is asked by its own address. */
    private static final String SERVICE = "192.0.2.9";

    private static final String SERVER = "192.0.2.1";
    private static final String SETUP = "ip link set lo up && ip address add " + SERVER + "/32 dev lo"
            + " && ip route add " + SERVICE + "/32 dev lo && nft 'table ip lab { chain out {"
            + " type nat hook output priority -100; ip daddr " + SERVICE + " udp dport 53 dnat to " + SERVER
            + ":5353; }; }' && echo ready && exec cat";

    /** So many datagrams, each from a port of its own and thus a connection. */
    private static final String SENDS = "import socket,sys\nfor i in range(int(sys.argv[3])):\n"
            + " s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(('',20000+i));s.sendto(b'x',(sys.argv[1],int(sys.argv[2])));s.close()";

    private static final ConntrackEntry TRANSLATED = new ConntrackEntry(
            17, Address.parse(SERVER), Address.parse(SERVICE), 53, Address.parse(SERVER), 5353, Address.parse(SERVER));

    private Process holder;

    @BeforeEach
    void start() throws IOException {
        holder = new ProcessBuilder("unshare", "--net", "sh", "-c", SETUP)
                .redirectErrorStream(true)
                .start();
        String said = holder.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(said).isEqualTo("ready");
    }

    @AfterEach
    void end() throws IOException {
        holder.getOutputStream().close();
        holder.destroy();
    }

    private Conntrack opened(int roomBytes) throws Exception {
        ReceivedWords words = new ReceivedWords();
        return NetworkNamespace.inside(
                Path.of("/proc/" + holder.pid() + "/ns/net"), () -> Conntrack.open(words, roomBytes));
    }

    private void send(String address, int port, int times) throws Exception {
        Process python = new ProcessBuilder(
                        "nsenter",
                        "--target",
                        Long.toString(holder.pid()),
                        "--net",
                        "python3",
                        "-c",
                        SENDS,
                        address,
                        Integer.toString(port),
                        Integer.toString(times))
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
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
            send(SERVER, 5353, 200);
            send(SERVICE, 53, 3);
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
        run("sh", "-c", "echo 1 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout");
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            send(SERVICE, 53, 1);
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

    private void run(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid()), "--net"));
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void aDumpShowsWhatWasThereBefore() throws Exception {
        send(SERVICE, 53, 5);
        send(SERVER, 5353, 5);
        try (Conntrack conntrack = opened(Conntrack.ROOM_BYTES)) {
            List<ConntrackEntry> shown = new ArrayList<>();
            conntrack.dump(shown::add);
            assertThat(shown).hasSize(5).allMatch(TRANSLATED::equals);
        }
    }

    @Test
    void anOverflowIsToldAndADumpMakesUpForIt() throws Exception {
        try (Conntrack conntrack = opened(8_192)) {
            send(SERVICE, 53, 500);
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
