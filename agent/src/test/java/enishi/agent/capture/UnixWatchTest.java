package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets as rungs tell them, on real ones in a folder of the test's own. */
@Tag("root")
class UnixWatchTest {
    private static final String CONNECTS = """
            import socket, sys, os
            for i in range(int(sys.argv[2])):
                s = socket.socket(socket.AF_UNIX)
                s.connect_ex(sys.argv[1])
                s.close()
            print(os.getpid(), flush=True)
            """;

    private final List<Capture> all = new ArrayList<>();
    private final ExecutorService looking = Executors.newSingleThreadExecutor();

    @TempDir
    private Path folder = Path.of("");

    private Path path = Path.of("");
    private ServerSocketChannel server = unbound();

    private static ServerSocketChannel unbound() {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        path = folder.resolve("s");
        server.bind(UnixDomainSocketAddress.of(path), 4_096);
    }

    @AfterEach
    void close() throws IOException {
        looking.shutdown();
        server.close();
    }

    private static CaptureRung open(Rung rung) throws CaptureException {
        return new Ladder(Path.of("/proc"), InstantSource.system(), Ladder.Extras.NONE).open(Optional.of(rung));
    }

    private void poll(CaptureRung rung) throws Exception {
        looking.submit(() -> {
                    rung.poll(all::add, false);
                    return null;
                })
                .get();
    }

    private static int connect(List<String> before, Path to, int times) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("/usr/bin/python3", "-c", CONNECTS, to.toString(), Integer.toString(times)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return Integer.parseInt(said);
    }

    private List<KernelCounts> told(int pid) {
        return all.stream()
                .filter(each -> each instanceof KernelCounts)
                .map(KernelCounts.class::cast)
                .filter(each ->
                        each.transport() == Transport.UNIX && each.holder().pid() == pid)
                .toList();
    }

    private List<SocketSeen> seen(SocketState state) {
        return all.stream()
                .filter(each -> each instanceof SocketSeen)
                .map(SocketSeen.class::cast)
                .filter(each -> each.transport() == Transport.UNIX && each.state() == state)
                .filter(each -> path.toString().equals(each.socketName()))
                .toList();
    }

    @Test
    void shortConnectionsOfADeadProcessGoToTheListenerThatTookThem() throws Exception {
        try (CaptureRung rung = open(Rung.EBPF)) {
            assertThat(rung.unix()).isEqualTo(UnixWatch.HOOK);
            poll(rung);
            int pid = connect(List.of(), path, 100);
            poll(rung);
            KernelCounts told = told(pid).getFirst();
            assertThat(told(pid)).hasSize(1);
            assertThat(told.opened()).isEqualTo(100);
            assertThat(told.closed()).isEqualTo(100);
            assertThat(told.failed()).isZero();
            assertThat(told.name()).isEqualTo(path.toString());
            assertThat(told.remote())
                    .isEqualTo(seen(SocketState.LISTENING).getFirst().local());
        }
    }

    /** A listener younger than the last dump, and a client that comes and goes before the next. */
    @Test
    void aConnectToAListenerThatNoDumpHasShownIsNoAttempt() throws Exception {
        try (CaptureRung rung = open(Rung.EBPF);
                ServerSocketChannel young = unbound()) {
            poll(rung);
            young.bind(UnixDomainSocketAddress.of(folder.resolve("young")));
            int pid = connect(List.of(), folder.resolve("young"), 1);
            poll(rung);
            assertThat(told(pid)).extracting(KernelCounts::opened).containsExactly(1L);
        }
    }

    /** File systems give the number of a removed file to the next one at once. */
    @Test
    void aListenerIsNotTakenForTheOneWhoseFileHadItsNumber() throws Exception {
        try (CaptureRung rung = open(Rung.EBPF)) {
            poll(rung);
            Object number = Files.getAttribute(path, "unix:ino");
            server.close();
            Files.delete(path);
            path = folder.resolve("next");
            server = unbound();
            server.bind(UnixDomainSocketAddress.of(path), 4_096);
            assumeThat(Files.getAttribute(path, "unix:ino")).isEqualTo(number);
            int pid = connect(List.of(), path, 100);
            poll(rung);
            assertThat(told(pid)).extracting(KernelCounts::name).containsExactly(path.toString());
            assertThat(told(pid)).extracting(KernelCounts::opened).containsExactly(100L);
        }
    }

    @Test
    void whoEndedAndLeftItsFileListensNoMore() throws Exception {
        try (CaptureRung rung = open(Rung.EBPF);
                ServerSocketChannel other = unbound()) {
            poll(rung);
            server.close();
            other.bind(UnixDomainSocketAddress.of(folder.resolve("other")));
            connect(List.of(), folder.resolve("other"), 1); // nobody knows it, so the next poll looks who listens
            poll(rung);
            int pid = connect(List.of(), path, 3);
            poll(rung);
            assertThat(told(pid)).extracting(KernelCounts::failed).containsExactly(3L);
        }
    }

    @Test
    void whereNobodyListensItIsAnAttempt() throws Exception {
        Path stale = folder.resolve("stale");
        try (ServerSocketChannel left = unbound()) {
            left.bind(UnixDomainSocketAddress.of(stale));
        }
        try (CaptureRung rung = open(Rung.EBPF)) {
            poll(rung);
            for (Path nowhere : List.of(stale, folder.resolve("none"))) {
                int pid = connect(List.of(), nowhere, 3);
                poll(rung);
                assertThat(told(pid)).extracting(KernelCounts::failed).containsExactly(3L);
                assertThat(told(pid)).extracting(KernelCounts::opened).containsExactly(0L);
                assertThat(told(pid).getFirst().name()).isEqualTo(nowhere.toString());
            }
        }
    }

    /** The same file by another path, through a symbolic link of that view, in a mount namespace that is gone by then. */
    @Test
    void aSocketMountedElsewhereIsTheSameEndpoint() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere.resolve("s"));
        Process container = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind " + folder + " " + elsewhere + " && echo ready && read go; exec \"$@\"",
                        "sh",
                        "/usr/bin/python3",
                        "-c",
                        CONNECTS + "input()\n",
                        link.toString(),
                        "5")
                .redirectErrorStream(true)
                .start();
        try (CaptureRung rung = open(Rung.EBPF)) {
            assertThat(container.inputReader().readLine()).isEqualTo("ready");
            poll(rung);
            container.getOutputStream().write('\n');
            container.getOutputStream().flush();
            int pid = Integer.parseInt(container.inputReader().readLine());
            poll(rung);
            assertThat(told(pid)).extracting(KernelCounts::opened).containsExactly(5L);
            assertThat(told(pid).getFirst().name()).isEqualTo(path.toString());
        } finally {
            container.destroy();
            container.waitFor();
        }
    }

    @Test
    @SuppressWarnings("try") // it is the closing that is watched
    void whatStaysOpenIsShownByDumpsAndNotCountedTwice() throws Exception {
        try (CaptureRung rung = open(Rung.EBPF);
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                SocketChannel accepted = server.accept()) {
            assertThat(accepted.isOpen()).isTrue();
            poll(rung);
            SocketSeen open = seen(SocketState.OPEN).getFirst();
            assertThat(open.fromStart()).isTrue();
            assertThat(open.local())
                    .isEqualTo(seen(SocketState.LISTENING).getFirst().local());
            client.close();
            long endNanos = System.nanoTime() + 20_000_000_000L;
            while (all.stream().noneMatch(each -> each instanceof SocketGone gone && gone.key() == open.key())) {
                assertThat(System.nanoTime()).isLessThan(endNanos);
                poll(rung);
            }
        }
    }

    @Test
    void onRungSockDiagAConnectionIsPolledAndSaidSo() throws Exception {
        try (CaptureRung rung = open(Rung.SOCK_DIAG)) {
            poll(rung);
            assertThat(rung.unix()).startsWith("polled: ");
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel accepted = server.accept()) {
                long endNanos = System.nanoTime() + 20_000_000_000L;
                while (seen(SocketState.OPEN).isEmpty()) {
                    assertThat(System.nanoTime()).isLessThan(endNanos);
                    poll(rung);
                }
                assertThat(client.isOpen() && accepted.isOpen()).isTrue();
                SocketSeen open = seen(SocketState.OPEN).getFirst();
                assertThat(open.fromStart()).isFalse();
                assertThat(open.unix()).isEqualTo(new UnixEnd(path.toString(), false));
            }
        }
    }
}
