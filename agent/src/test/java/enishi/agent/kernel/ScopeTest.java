package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Room;
import enishi.agent.process.Cgroup2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where several hosts share a kernel, an agent tells of its own alone, and in its own numbers. */
@Tag("root")
class ScopeTest {
    private static final long HOST_PIDS = 0xEFFF_FFFCL;

    /** Connects to a port on loopback, and says so when it has closed. */
    private static String asking(int port) {
        return "exec /usr/bin/python3 -c \"import socket,os; socket.create_connection(('127.0.0.1'," + port
                + ")).close(); print(os.getpid(), os.readlink('/proc/self/ns/pid'), flush=True)\"";
    }

    private record Told(String program, int pid, boolean client) {}

    private static List<Told> drained(KernelFold fold, int port) throws KernelException {
        List<Told> told = new ArrayList<>();
        fold.drain(each -> {
            if (each.serverPort() == port) {
                told.add(new Told(new String(each.program(), StandardCharsets.UTF_8), each.pid(), each.isClient()));
            }
        });
        return told;
    }

    private static String said(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static Process shell(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void whatIsOutsideTheCgroupIsNotTold() throws Exception {
        Path cgroup = Cgroup2.mount(Path.of("/proc"))
                .orElseThrow()
                .resolve("enishi-test-" + ProcessHandle.current().pid());
        Files.createDirectory(cgroup);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                KernelFold fold = KernelFold.ebpf(cgroup, HOST_PIDS, Room.DEFAULT, false)) {
            fold.started();
            said(shell("sh", "-c", asking(server.getLocalPort())));
            assertThat(drained(fold, server.getLocalPort())).isEmpty();
            String inside =
                    said(shell("sh", "-c", "echo $$ >" + cgroup + "/cgroup.procs; " + asking(server.getLocalPort())));
            int pid = Integer.parseInt(inside.substring(0, inside.indexOf(' ')));
            assertThat(drained(fold, server.getLocalPort())).containsExactly(new Told("python3", pid, true));
        } finally {
            Files.delete(cgroup);
        }
    }

    /** Who asks in a pid namespace of its own, once it is let go; and that namespace's inode number. */
    private static Process nested(int port) throws IOException {
        return shell(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "sh",
                "-c",
                "readlink /proc/self/ns/pid; read go; " + asking(port));
    }

    private static long inode(Process nested) throws IOException {
        String link = nested.inputReader().readLine();
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    private static String letGo(Process nested) throws IOException, InterruptedException {
        nested.getOutputStream().write('\n');
        nested.getOutputStream().flush();
        String inside = nested.inputReader().readLine();
        assertThat(nested.waitFor()).isZero();
        return inside;
    }

    /** What is told of one that asks, by an agent of the namespace it asks in, who takes that thread for its own. */
    private static Told toldOfNested(ToIntFunction<Process> looking) throws Exception {
        Path cgroup = Cgroup2.mount(Path.of("/proc")).orElseThrow();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            Process nested = nested(port);
            try (KernelFold fold = KernelFold.ebpf(cgroup, inode(nested), Room.DEFAULT, false)) {
                fold.started();
                fold.disown(looking.applyAsInt(nested));
                assertThat(letGo(nested)).startsWith("1 ");
                List<Told> told = drained(fold, port);
                assertThat(told).hasSize(1);
                return told.getFirst();
            } finally {
                nested.destroy();
            }
        }
    }

    @Test
    void pidsAreToldAsTheAgentsOwnNamespaceNumbersThem() throws Exception {
        assertThat(toldOfNested(nested -> 2)).isEqualTo(new Told("python3", 1, true));
    }

    @Test
    void whoLooksIsKnownByItsNumberInTheAgentsPidNamespace() throws Exception {
        assertThat(toldOfNested(nested -> 1)).isEqualTo(new Told("", 0, true));
    }

    /** Another thread of the machine may have the same number as the one that looks has in the agent's namespace. */
    @Test
    void whoHasTheNumberOfTheOneThatLooksElsewhereIsTold() throws Exception {
        assertThat(toldOfNested(nested ->
                        (int) nested.children().findFirst().orElseThrow().pid()))
                .isEqualTo(new Told("python3", 1, true));
    }

    /** A connection, one of which nobody told before its end, datagrams to whom they name, and those of a connected. */
    private static String talking(int port) {
        return "import socket as s\n"
                + "to=('127.0.0.1'," + port + ")\n"
                + "s.create_connection(to).close()\n"
                + "served=s.socket(s.AF_INET,s.SOCK_DGRAM); served.bind(to)\n"
                + "asks=s.socket(s.AF_INET,s.SOCK_DGRAM); asks.sendto(b'x',to)\n"
                + "served.sendto(b'y',served.recvfrom(9)[1]); asks.recvfrom(9)\n"
                + "tied=s.socket(s.AF_INET,s.SOCK_DGRAM); tied.connect(to); tied.send(b'x')\n"
                + "heard=s.socket(s.AF_INET,s.SOCK_DGRAM); heard.connect(to)\n"
                + "served.sendto(b'y',heard.getsockname()); heard.recv(9)";
    }

    @Test
    void whatIsBesideTheAgentsPidNamespaceIsNotToldThoughItSharesTheCgroup() throws Exception {
        Path cgroup = Cgroup2.mount(Path.of("/proc")).orElseThrow();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            Process nested = nested(port);
            try (KernelFold fold = KernelFold.ebpf(cgroup, inode(nested), Room.DEFAULT, false);
                    KernelFold all = KernelFold.ebpf(cgroup, HOST_PIDS, Room.DEFAULT, false)) {
                fold.refusalsSince(0);
                all.refusalsSince(0);
                fold.started();
                all.started();
                said(shell("/usr/bin/python3", "-c", talking(port)));
                assertThat(drained(all, port)).hasSize(4);
                assertThat(drained(fold, port)).isEmpty();
                letGo(nested);
                assertThat(drained(fold, port)).hasSize(1);
            } finally {
                nested.destroy();
            }
        }
    }
}
