package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold;
import enishi.agent.process.Cgroup2;
import enishi.model.Rung;
import enishi.model.Transport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With hardly any room in the kernel, what is lost is counted, and what is open is known again after. */
@Tag("root")
class EbpfLossTest {
    private static final Path PROC = Path.of("/proc");
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int SERVERS = 60;
    private static final int STAY_OPEN = 5;
    private long nowMillis = System.currentTimeMillis();
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private final List<Capture> all = new ArrayList<>();

    /** A server with its client and what it accepted. */
    private record Pair(ServerSocket server, Socket client, Socket accepted) {
        static Pair open() throws Exception {
            ServerSocket server = new ServerSocket(0, 5, HERE);
            Socket client = new Socket(HERE, server.getLocalPort());
            return new Pair(server, client, server.accept());
        }

        void close() throws Exception {
            client.close();
            accepted.close();
            server.close();
        }
    }

    /** One that sweeps, for so much time is over that another is due. */
    private void poll(Ebpf rung) throws CaptureException {
        nowMillis += 60_000;
        rung.poll(all::add, false);
    }

    @Test
    void lostEndsAreCountedAndWhatIsOpenIsToldAnew() throws Exception {
        KernelFold fold = KernelFold.ebpf(
                Cgroup2.mount(PROC).orElseThrow(), 0xEFFF_FFFCL, new KernelFold.Room(8, 8, 4_096), false);
        SockDiag listeners = SockDiag.open(PROC, clock, SockDiag.Reach.LISTENERS);
        UnixWatch unix = new UnixWatch(new UnixWatch.Way(null, "not looked at"), listeners.namespaces(), PROC);
        Ebpf.Dumps dumps = new Ebpf.Dumps(listeners, unix);
        List<Pair> pairs = new ArrayList<>();
        Ebpf.Told told = new Ebpf.Told(fold, Names.none("of a test"));
        try (Ebpf rung = new Ebpf(new Ebpf.Kind(Rung.EBPF, false), clock, told, dumps)) {
            poll(rung);
            for (int i = 0; i < SERVERS; i++) {
                pairs.add(Pair.open());
            }
            long openedMillis = nowMillis;
            int polls = 0;
            while (open(all, pairs) < 2 * SERVERS) {
                assertThat(rung.deliveredMillis()).as("not before all are told").isLessThanOrEqualTo(openedMillis);
                poll(rung); // those that found no room are told by a later sweep
                polls++;
            }
            assertThat(polls).isGreaterThan(1);
            poll(rung);
            poll(rung);
            assertThat(rung.deliveredMillis()).isGreaterThan(openedMillis);
            for (Pair each : pairs.subList(STAY_OPEN, SERVERS)) {
                each.close();
            }
            assertThat(fold.losses().closed()).isPositive();
            poll(rung);
            assertThat(rung.counters().lost()).isPositive();
            assertThat(all).anyMatch(each -> each instanceof OpenForgotten);
            for (int i = 0; i < SERVERS && open(all, pairs) < 2 * STAY_OPEN; i++) {
                poll(rung);
            }
            assertThat(open(all, pairs)).isEqualTo(2 * STAY_OPEN);
        } finally {
            for (Pair each : pairs) {
                each.close();
            }
        }
    }

    /** What a reader of all this holds open of these pairs. */
    private static long open(List<Capture> all, List<Pair> pairs) {
        List<Integer> ports =
                pairs.stream().map(each -> each.server().getLocalPort()).toList();
        long open = 0;
        for (Capture each : all) {
            if (each instanceof OpenForgotten) {
                open = 0;
            } else if (each instanceof KernelCounts counts
                    && counts.transport() == Transport.TCP
                    && ports.contains(counts.serverPort())) {
                open += counts.opened() + counts.adopted() - counts.closed();
            }
        }
        return open;
    }
}
