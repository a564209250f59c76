package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Role;
import enishi.model.Transport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets of this process on loopback, seen by the real kernel. */
@Tag("root")
class SockDiagTest {
    private final List<SocketSeen> all = new ArrayList<>();
    private final List<SocketCounted> counted = new ArrayList<>();
    private final List<SocketGone> gone = new ArrayList<>();
    private CaptureRung rung;

    SockDiagTest() throws CaptureException {
        rung = new Ladder(Path.of("/proc"), InstantSource.system(), Ladder.Extras.NONE)
                .open(Optional.of(enishi.model.Rung.SOCK_DIAG));
    }

    @BeforeEach
    void firstPoll() throws CaptureException {
        poll();
        all.clear();
    }

    @AfterEach
    void close() {
        rung.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void bothEndsOfAnOpenConnectionAndTheirListenerAreSeenOnce(String address) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName(address));
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            poll();
            int port = listener.getLocalPort();
            assertThat(of(seen -> seen.localPort() == port && seen.state() == SocketState.LISTENING))
                    .hasSize(1);
            SocketSeen asking = only(seen -> seen.remotePort() == port);
            SocketSeen asked = only(seen -> seen.localPort() == port && seen.state() == SocketState.OPEN);
            assertThat(asking.localPort()).isEqualTo(client.getLocalPort());
            assertThat(asking.local()).isEqualTo(Address.parse(address));
            assertThat(asked.inode()).isNotZero();
            assertThat(asking.fromStart()).isFalse();
            assertThat(accepted.isConnected()).isTrue();
            all.clear();
            poll();
            assertThat(of(seen -> seen.remotePort() == port || seen.localPort() == port))
                    .isEmpty();
        }
    }

    /** Shorter than a poll: only the kernel's notice tells, with the final byte counts of both ends. */
    @Test
    void connectionsShorterThanAPollAreSeenWithTheirBytes() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            poll();
            all.clear();
            int connections = 1009;
            for (int i = 0; i < connections; i++) {
                exchange(listener, 7, 13);
            }
            pollUntil(() -> of(seen -> touches(seen, listener)).size() >= 2 * connections);
            List<SocketSeen> asking = of(seen -> seen.remotePort() == listener.getLocalPort());
            List<SocketSeen> asked = of(seen -> seen.localPort() == listener.getLocalPort());
            assertThat(asking).hasSize(connections).allSatisfy(seen -> assertCounters(seen, 7, 13));
            assertThat(asked).hasSize(connections).allSatisfy(seen -> assertCounters(seen, 13, 7));
            assertThat(rung.counters().lost()).isZero();
        }
    }

    @Test
    void aRefusedConnectWasNeverEstablished() throws Exception {
        int port = freePort();
        for (int i = 0; i < 101; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining("refused");
            }
        }
        poll();
        assertThat(all)
                .noneMatch(
                        seen -> seen.counters() != null && seen.counters().established() && seen.remotePort() == port);
    }

    @Test
    void aSocketClosedWithAResetEndsOnBothSides() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            Socket accepted = listener.accept();
            poll();
            client.setSoLinger(true, 0);
            client.close();
            accepted.close();
            List<Long> keys = of(seen -> touches(seen, listener) && seen.state() == SocketState.OPEN).stream()
                    .map(SocketSeen::key)
                    .toList();
            assertThat(keys).hasSize(2);
            pollUntil(() -> gone.stream().map(SocketGone::key).toList().containsAll(keys));
            assertThat(gone).extracting(SocketGone::key).containsAll(keys).doesNotHaveDuplicates();
        }
    }

    /** A close with linger 0 wipes the counters and the port; the handshake shows all the same. */
    @Test
    void aShortConnectionEndedByAResetWasEstablished() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            int port = client.getLocalPort();
            Socket accepted = listener.accept();
            client.setSoLinger(true, 0);
            client.close();
            accepted.close();
            pollUntil(() -> !of(seen -> seen.localPort() == port).isEmpty());
            TcpCounters counters = only(seen -> seen.localPort() == port).counters();
            assertThat(counters).isNotNull();
            assertThat(counters.established()).isTrue();
        }
    }

    /** The SYN of the asking side is among the bytes acknowledged: no listener is needed to tell the sides apart. */
    @Test
    void countersProveWhichSideAsked() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            poll();
            for (int bytes : new int[] {0, 1, 1000}) {
                client.getOutputStream().write(new byte[bytes]);
                assertThat(accepted.getInputStream().readNBytes(bytes)).hasSize(bytes);
                accepted.getOutputStream().write(new byte[2 * bytes]);
                assertThat(client.getInputStream().readNBytes(2 * bytes)).hasSize(2 * bytes);
                pollUntil(() ->
                        opener(client.getLocalPort()) == Role.CLIENT && opener(listener.getLocalPort()) == Role.SERVER);
                assertThat(opener(client.getLocalPort())).isEqualTo(Role.CLIENT);
                assertThat(opener(listener.getLocalPort())).isEqualTo(Role.SERVER);
            }
        }
    }

    /** As the newest counters of the connection with this local port have it. */
    private @Nullable Role opener(int localPort) {
        SocketSeen socket = only(seen -> seen.localPort() == localPort && seen.state() == SocketState.OPEN);
        TcpCounters counters = counted.reversed().stream()
                .filter(each -> each.key() == socket.key())
                .map(SocketCounted::counters)
                .findFirst()
                .orElse(socket.counters());
        return counters == null ? null : counters.opener();
    }

    /** A socket the sink has no room for is told anew at each poll, and at its end as if it had been short. */
    @Test
    void whatIsNotFollowedIsToldAgain() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            int port = client.getLocalPort();
            List<SocketState> told = new ArrayList<>();
            CaptureSink full = capture -> {
                if (capture instanceof SocketSeen seen && seen.localPort() == port) {
                    told.add(seen.state());
                }
                return false;
            };
            rung.poll(full, false);
            rung.poll(full, false);
            listener.accept().close();
            client.close();
            long endNanos = System.nanoTime() + 10_000_000_000L;
            while (!told.contains(SocketState.CLOSED) && System.nanoTime() < endNanos) {
                rung.poll(full, false);
            }
            assertThat(told).startsWith(SocketState.OPEN, SocketState.OPEN).endsWith(SocketState.CLOSED);
        }
    }

    @Test
    void udpSocketsWithAndWithoutAPeerAreTold() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.connect(server.getLocalSocketAddress());
            poll();
            SocketSeen asking =
                    only(seen -> seen.transport() == Transport.UDP && seen.remotePort() == server.getLocalPort());
            assertThat(asking.state()).isEqualTo(SocketState.OPEN);
            assertThat(asking.polls()).isEqualTo(1);
            assertThat(only(seen -> seen.transport() == Transport.UDP && seen.localPort() == server.getLocalPort())
                            .state())
                    .isEqualTo(SocketState.UNCONNECTED);
            poll();
            assertThat(of(seen -> seen.key() == asking.key() && seen.polls() == 2))
                    .hasSize(1);
            assertThat(rung.counters().unseenPeers()).isPositive();
        }
    }

    @Test
    void aConnectionOlderThanTheRungIsMarked() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            rung.close();
            rung = new Ladder(Path.of("/proc"), InstantSource.system(), Ladder.Extras.NONE)
                    .open(Optional.of(enishi.model.Rung.SOCK_DIAG));
            poll();
            assertThat(only(seen -> seen.localPort() == client.getLocalPort()).fromStart())
                    .isTrue();
        }
    }

    /** A container that has just started is known by its address within a few polls, not within a minute. */
    @Test
    void theAddressesOfANewNamespaceAreKnownWithinAFewPolls() throws Exception {
        String inside = "ip link set lo up; ip addr add 198.51.100.7/32 dev lo; echo ready; read line";
        Process process = new ProcessBuilder("unshare", "--net", "sh", "-c", inside).start();
        try (var said = process.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
            for (int i = 0; i < 6; i++) {
                poll();
            }
            assertThat(rung.addresses())
                    .filteredOn(each -> each.address().equals(Address.parse("198.51.100.7")))
                    .hasSize(1)
                    .allSatisfy(each -> assertThat(each.namespace()).isNotZero());
            assertThat(rung.ephemeralPorts(rung.addresses().getLast().namespace()))
                    .isEqualTo(PortRange.DEFAULT);
        } finally {
            process.destroy();
        }
    }

    private static void exchange(ServerSocket listener, int asked, int answered) throws IOException {
        try (Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            client.getOutputStream().write(new byte[asked]);
            assertThat(accepted.getInputStream().readNBytes(asked)).hasSize(asked);
            accepted.getOutputStream().write(new byte[answered]);
            assertThat(client.getInputStream().readNBytes(answered)).hasSize(answered);
        }
    }

    private static void assertCounters(SocketSeen seen, long sent, long received) {
        TcpCounters counters = seen.counters();
        assertThat(counters).isNotNull();
        assertThat(counters.sentBytes()).isEqualTo(sent);
        assertThat(counters.receivedBytes()).isBetween(received, received + 1);
        assertThat(counters.established()).isTrue();
    }

    private static boolean touches(SocketSeen seen, ServerSocket listener) {
        return seen.remotePort() == listener.getLocalPort() || seen.localPort() == listener.getLocalPort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void pollUntil(Condition condition) throws CaptureException {
        long endNanos = System.nanoTime() + 10_000_000_000L;
        while (!condition.holds() && System.nanoTime() < endNanos) {
            poll();
            Thread.onSpinWait();
        }
    }

    private void poll() throws CaptureException {
        rung.poll(
                capture -> switch (capture) {
                    case SocketSeen seen -> all.add(seen);
                    case SocketCounted counts -> counted.add(counts);
                    case SocketGone end -> gone.add(end);
                    case SocketHeld held -> throw new AssertionError(held);
                    case KernelCounts counts -> throw new AssertionError(counts);
                    case OpenForgotten forgotten -> throw new AssertionError(forgotten);
                    case Translated told -> throw new AssertionError(told);
                    case TrackedForgotten forgotten -> true;
                },
                true);
    }

    private List<SocketSeen> of(Predicate<SocketSeen> which) {
        return all.stream().filter(which).toList();
    }

    private SocketSeen only(Predicate<SocketSeen> which) {
        List<SocketSeen> found = of(which);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
