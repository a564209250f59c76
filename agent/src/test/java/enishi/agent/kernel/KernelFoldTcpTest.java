package enishi.agent.kernel;

import static enishi.agent.kernel.ToldByProcess.ME;
import static enishi.agent.kernel.ToldByProcess.assertTold;
import static enishi.agent.kernel.ToldByProcess.drained;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Room;
import enishi.agent.kernel.ToldByProcess.Side;
import enishi.agent.kernel.ToldByProcess.Told;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The programs of rung ebpf-tcp in the kernel, between this process and servers in Python. */
@Tag("root")
class KernelFoldTcpTest {
    private static final long HOST = 0xEFFF_FFFCL;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static KernelFold begin() throws KernelException {
        KernelFold fold = KernelFold.ebpfTcp(HOST, Room.DEFAULT);
        fold.sweep(each -> {});
        fold.started();
        fold.drain(each -> {});
        return fold;
    }

    private static void exchange(Socket client, int asked, int answered) throws IOException {
        client.getOutputStream().write(new byte[asked]);
        assertThat(client.getInputStream().readNBytes(answered)).hasSize(answered);
    }

    @Test
    void shortConnectionsAreToldByBothEnds() throws Exception {
        try (KernelFold fold = begin();
                OtherProgram server = new OtherProgram("""
                        for i in range(101):
                            served, _ = listener.accept()
                            served.sendall(b"x" * 40) if served.recv(100, socket.MSG_WAITALL) else None
                            served.recv(1)
                            served.close()
                        say(os.getpid())
                        sys.stdin.read()
                        """)) {
            for (int i = 0; i < 101; i++) {
                try (Socket client = server.connect()) {
                    exchange(client, 100, 40);
                }
            }
            long pid = server.says();
            assertTold(
                    fold,
                    server.port(),
                    Map.of(
                            new Side(ME, true), new Told(101, 0, 101, 0, 10_100, 4_040),
                            new Side(pid, false), new Told(101, 0, 101, 0, 4_040, 10_100)));
        }
    }

    @Test
    void refusedConnectsAreAttemptsOfWhoAsked() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
            port = closed.getLocalPort();
        }
        try (KernelFold fold = begin()) {
            for (int i = 0; i < 7; i++) {
                try (Socket client = new Socket()) {
                    Assertions.assertThatThrownBy(() -> client.connect(new InetSocketAddress(LOOPBACK, port)))
                            .isInstanceOf(ConnectException.class);
                }
                try (SocketChannel client = SocketChannel.open()) {
                    client.configureBlocking(false);
                    client.connect(new InetSocketAddress(LOOPBACK, port));
                    Assertions.assertThatThrownBy(client::finishConnect).isInstanceOf(ConnectException.class);
                } catch (ConnectException e) {
                    assertThat(e).hasMessageContaining("refused"); // at once, over the loopback
                }
            }
            assertTold(fold, port, Map.of(new Side(ME, true), new Told(0, 0, 0, 14, 0, 0)));
        }
    }

    @Test
    void connectionResetByTheClientIsToldByBothEnds() throws Exception {
        try (KernelFold fold = begin();
                OtherProgram server = new OtherProgram("""
                        for worker in range(3):
                            if os.fork() == 0:
                                for i in range(5):
                                    served, _ = listener.accept()
                                    served.sendall(b"x" * 40) if served.recv(100, socket.MSG_WAITALL) else None
                                    try: served.recv(1)
                                    except ConnectionResetError: pass
                                    served.close()
                                say(os.getpid())
                                os._exit(0)
                            os.wait()
                        sys.stdin.read()
                        """)) {
            List<Long> workers = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                try (Socket client = server.connect()) {
                    client.setSoLinger(true, 0);
                    exchange(client, 100, 40);
                }
                if (i % 5 == 4) {
                    workers.add(server.says());
                }
            }
            Map<Side, Told> expected = new HashMap<>();
            expected.put(new Side(ME, true), new Told(15, 0, 15, 0, 1_500, 600));
            workers.forEach(each -> expected.put(new Side(each, false), new Told(5, 0, 5, 0, 200, 500)));
            assertTold(fold, server.port(), expected);
        }
    }

    @Test
    void childOfEachConnectionIsItsServer() throws Exception {
        try (KernelFold fold = begin();
                OtherProgram server = new OtherProgram("""
                        closed, close = os.pipe()
                        for i in range(7):
                            served, _ = listener.accept()
                            if os.fork() == 0:
                                os.read(closed, 1)
                                served.sendall(b"x" * 40)
                                served.close()
                                say(os.getpid())
                                os._exit(0)
                            served.close()
                            os.write(close, b"x")
                            os.wait()
                        sys.stdin.read()
                        """)) {
            Map<Side, Told> expected = new HashMap<>();
            expected.put(new Side(ME, true), new Told(7, 0, 7, 0, 0, 280));
            for (int i = 0; i < 7; i++) {
                try (Socket client = server.connect()) {
                    assertThat(client.getInputStream().readAllBytes()).hasSize(40);
                }
                expected.put(new Side(server.says(), false), new Told(1, 0, 1, 0, 40, 0));
            }
            assertTold(fold, server.port(), expected);
        }
    }

    @Test
    void serverThatResetsIsNamed() throws Exception {
        try (KernelFold fold = begin();
                OtherProgram server = new OtherProgram("""
                        for i in range(7):
                            served, _ = listener.accept()
                            served.recv(10, socket.MSG_WAITALL)
                            served.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                            served.close()
                        say(os.getpid())
                        sys.stdin.read()
                        """)) {
            for (int i = 0; i < 7; i++) {
                try (Socket client = server.connect()) {
                    client.getOutputStream().write(new byte[10]);
                    Assertions.assertThatThrownBy(() -> client.getInputStream().read())
                            .isInstanceOf(IOException.class);
                }
            }
            assertTold(
                    fold,
                    server.port(),
                    Map.of(
                            new Side(ME, true), new Told(7, 0, 7, 0, 70, 0),
                            new Side(server.says(), false), new Told(7, 0, 7, 0, 0, 70)));
        }
    }

    @Test
    void connectionsOlderThanTheProgramsAreAdopted() throws Exception {
        try (OtherProgram server = new OtherProgram("""
                        served, _ = listener.accept()
                        served.sendall(b"x" * 40) if served.recv(100, socket.MSG_WAITALL) else None
                        served.sendall(b"x" * 30) if served.recv(50, socket.MSG_WAITALL) else None
                        served.recv(1)
                        served.close()
                        say(os.getpid())
                        served, _ = listener.accept()
                        served.recv(1)
                        served.close()
                        say(os.getpid())
                        sys.stdin.read()
                        """);
                Socket client = server.connect()) {
            exchange(client, 100, 40);
            try (KernelFold fold = KernelFold.ebpfTcp(HOST, Room.DEFAULT)) {
                fold.sweep(each -> {});
                fold.started();
                long pid = server.pid();
                assertTold(
                        fold,
                        server.port(),
                        Map.of(
                                new Side(ME, true), new Told(0, 1, 0, 0, 0, 0),
                                new Side(pid, false), new Told(0, 1, 0, 0, 0, 0)));
                exchange(client, 50, 30);
                fold.sweep(each -> {});
                assertTold(
                        fold,
                        server.port(),
                        Map.of(
                                new Side(ME, true), new Told(0, 0, 0, 0, 50, 30),
                                new Side(pid, false), new Told(0, 0, 0, 0, 30, 50)));
                fold.beginGeneration();
                client.shutdownOutput();
                assertThat(server.says()).isEqualTo(pid);
                try (Socket later = server.connect()) {
                    later.shutdownOutput();
                    assertThat(server.says()).isEqualTo(pid);
                }
                assertTold(
                        fold,
                        server.port(),
                        Map.of(
                                new Side(ME, true), new Told(1, 1, 2, 0, 0, 0),
                                new Side(pid, false), new Told(1, 1, 2, 0, 0, 0)));
            }
        }
    }

    @Test
    void openConnectionIsToldOnceAndItsEndToo() throws Exception {
        try (KernelFold fold = begin();
                OtherProgram server = new OtherProgram("""
                        served, _ = listener.accept()
                        if os.fork() == 0:
                            listener.close()
                            served.sendall(b"x" * 40) if served.recv(100, socket.MSG_WAITALL) else None
                            served.recv(1)
                            served.close()
                            say(os.getpid())
                            os._exit(0)
                        served.close()
                        say(os.getpid())
                        sys.stdin.read()
                        """);
                Socket client = server.connect()) {
            server.says();
            exchange(client, 100, 40);
            fold.sweep(each -> {});
            fold.sweep(each -> {});
            Map<Side, Told> open = drained(fold, server.port());
            client.shutdownOutput();
            Side worker = new Side(server.says(), false);
            assertThat(open)
                    .isEqualTo(Map.of(
                            new Side(ME, true), new Told(1, 0, 0, 0, 100, 40), worker, new Told(1, 0, 0, 0, 40, 100)));
            assertTold(
                    fold,
                    server.port(),
                    Map.of(new Side(ME, true), new Told(0, 0, 1, 0, 0, 0), worker, new Told(0, 0, 1, 0, 0, 0)));
        }
    }
}
