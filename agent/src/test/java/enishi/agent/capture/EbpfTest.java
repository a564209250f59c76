package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rung ebpf on real sockets of this process, on loopback. */
@Tag("root")
class EbpfTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private final List<Capture> all = new ArrayList<>();
    private final ExecutorService looking = Executors.newSingleThreadExecutor();
    private CaptureRung rung = open(false);
    private final long openedNanos = System.nanoTime();

    private static CaptureRung open(boolean udpBytes) {
        try {
            return new Ladder(Path.of("/proc"), InstantSource.system(), new Ladder.Extras(udpBytes, false))
                    .open(Optional.of(Rung.EBPF));
        } catch (CaptureException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        looking.shutdown();
        rung.close();
    }

    /** On a thread of its own, as in the agent: the one that looks owns no socket. */
    private void poll() throws Exception {
        looking.submit(() -> {
                    rung.poll(all::add, false);
                    return null;
                })
                .get();
    }

    /** Before, a datagram that nobody answers may have been refused unseen. */
    private void awaitRefusalsToBeKnown() throws InterruptedException {
        long left = openedNanos + TimeUnit.SECONDS.toNanos(1) - System.nanoTime();
        while (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
            left = openedNanos + TimeUnit.SECONDS.toNanos(1) - System.nanoTime();
        }
    }

    private List<KernelCounts> told(Transport transport, int port) {
        return all.stream()
                .filter(each -> each instanceof KernelCounts)
                .map(KernelCounts.class::cast)
                .filter(each -> each.serverPort() == port && each.transport() == transport)
                .toList();
    }

    private static long sum(List<KernelCounts> counts, Role role, java.util.function.ToLongFunction<KernelCounts> of) {
        return counts.stream().filter(each -> each.role() == role).mapToLong(of).sum();
    }

    @Test
    void theLadderTakesThisRungFirst() throws CaptureException {
        try (CaptureRung best =
                new Ladder(Path.of("/proc"), InstantSource.system(), Ladder.Extras.NONE).open(Optional.empty())) {
            assertThat(best.rung()).isEqualTo(Rung.EBPF);
        }
    }

    @Test
    @SuppressWarnings("try") // it is the closing that is watched
    void aListenerIsToldBeforeItsConnectionsAndOnesOlderAreAdopted() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, HERE);
                Socket client = new Socket(HERE, listener.getLocalPort());
                Socket accepted = listener.accept()) {
            client.getOutputStream().write(new byte[10]);
            assertThat(accepted.getInputStream().readNBytes(10)).hasSize(10);
            rung.close();
            rung = open(false);
            poll();
            client.getOutputStream().write(new byte[7]);
            assertThat(accepted.getInputStream().readNBytes(7)).hasSize(7);
            List<KernelCounts> told = told(Transport.TCP, listener.getLocalPort());
            assertThat(told).extracting(KernelCounts::adopted).containsExactly(1L, 1L);
            assertThat(told).extracting(KernelCounts::opened).containsExactly(0L, 0L);
            assertThat(told)
                    .extracting(KernelCounts::sentBytes)
                    .as("what it moved before")
                    .containsOnly(0L);
            int listenerAt = all.indexOf(all.stream()
                    .filter(each -> each instanceof SocketSeen seen && seen.localPort() == listener.getLocalPort())
                    .findFirst()
                    .orElseThrow());
            assertThat(listenerAt).isNotNegative().isLessThan(all.indexOf(told.getFirst()));
            client.close();
            accepted.close();
            poll();
            List<KernelCounts> ended = told(Transport.TCP, listener.getLocalPort());
            assertThat(sum(ended, Role.CLIENT, KernelCounts::closed)).isEqualTo(1);
            assertThat(sum(ended, Role.CLIENT, KernelCounts::opened)).isZero();
            assertThat(sum(ended, Role.CLIENT, KernelCounts::sentBytes)).isEqualTo(7);
            assertThat(sum(ended, Role.SERVER, KernelCounts::receivedBytes)).isEqualTo(7);
        }
    }

    @Test
    void aLookUpThatConnectsAndSendsNothingIsNoDependency() throws Exception {
        try (DatagramChannel silent = DatagramChannel.open()) {
            silent.connect(new InetSocketAddress(HERE, 7771));
            poll();
        }
        poll();
        assertThat(told(Transport.UDP, 7771)).isEmpty();
    }

    @Test
    void oneSocketConnectedInTurnToThreePeersIsThree() throws Exception {
        poll();
        awaitRefusalsToBeKnown();
        List<Integer> ports = new ArrayList<>();
        try (DatagramChannel turns = DatagramChannel.open();
                DatagramSocket one = new DatagramSocket(0, HERE);
                DatagramSocket two = new DatagramSocket(0, HERE);
                DatagramSocket three = new DatagramSocket(0, HERE)) {
            for (DatagramSocket peer : List.of(one, two, three)) {
                ports.add(peer.getLocalPort());
                turns.connect(peer.getLocalSocketAddress());
                turns.write(ByteBuffer.wrap(new byte[3]));
                turns.disconnect();
            }
        }
        poll();
        for (int port : ports) {
            List<KernelCounts> told = told(Transport.UDP, port);
            assertThat(sum(told, Role.CLIENT, KernelCounts::opened))
                    .as(told.toString())
                    .isEqualTo(1);
            assertThat(sum(told, Role.CLIENT, KernelCounts::closed)).isEqualTo(1);
        }
    }

    /** As a log is sent: nobody answers, and nobody would have refused it by then. */
    @Test
    void aSocketThatOnlySendsIsToldWhileItIsOpen() throws Exception {
        poll();
        try (DatagramSocket heard = new DatagramSocket(0, HERE);
                DatagramChannel sends = DatagramChannel.open()) {
            sends.connect(heard.getLocalSocketAddress());
            sends.write(ByteBuffer.wrap(new byte[3]));
            List<KernelCounts> told = List.of();
            for (int tries = 0; told.isEmpty() && tries < 300; tries++) {
                TimeUnit.MILLISECONDS.sleep(50);
                poll();
                told = told(Transport.UDP, heard.getLocalPort());
            }
            assertThat(sum(told, Role.CLIENT, KernelCounts::opened)).isEqualTo(1);
            assertThat(sum(told, Role.CLIENT, KernelCounts::closed)).isZero();
        }
    }

    /** The client leaves its address to the routing table: it is told all the same, or the halves could not be joined. */
    @Test
    void unconnectedSocketsAreToldByTheirPeersWithBothAddresses() throws Exception {
        poll();
        int port = exchange(5);
        poll();
        List<KernelCounts> told = told(Transport.UDP, port);
        assertThat(told).extracting(KernelCounts::role).containsExactlyInAnyOrder(Role.CLIENT, Role.SERVER);
        assertThat(told).extracting(each -> each.local().toString()).containsOnly("127.0.0.1");
        assertThat(told).extracting(KernelCounts::opened).containsOnly(1L);
        assertThat(told).extracting(KernelCounts::hasBytes).containsOnly(false);
    }

    @Test
    void bytesOfDatagramsAreExactWhereAskedFor() throws Exception {
        rung.close();
        rung = open(true);
        poll();
        int port = exchange(5);
        poll();
        List<KernelCounts> told = told(Transport.UDP, port);
        assertThat(told).extracting(KernelCounts::hasBytes).containsOnly(true);
        assertThat(sum(told, Role.CLIENT, KernelCounts::sentBytes)).isEqualTo(50);
        assertThat(sum(told, Role.CLIENT, KernelCounts::receivedBytes)).isEqualTo(35);
        assertThat(sum(told, Role.SERVER, KernelCounts::sentBytes)).isEqualTo(35);
        assertThat(sum(told, Role.SERVER, KernelCounts::receivedBytes)).isEqualTo(50);
    }

    /** Sends 10 bytes and is answered 7, so many times. @return the server's port */
    private static int exchange(int times) throws Exception {
        try (DatagramSocket server = new DatagramSocket();
                DatagramSocket client = new DatagramSocket(null)) {
            client.bind(null);
            SocketAddress there = new InetSocketAddress(HERE, server.getLocalPort());
            DatagramPacket heard = new DatagramPacket(new byte[100], 100);
            for (int i = 0; i < times; i++) {
                client.send(new DatagramPacket(new byte[10], 10, there));
                server.receive(heard);
                server.send(new DatagramPacket(new byte[7], 7, heard.getSocketAddress()));
                client.receive(heard);
            }
            return server.getLocalPort();
        }
    }
}
