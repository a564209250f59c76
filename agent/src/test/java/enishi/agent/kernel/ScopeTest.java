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

    @Test
    void pidsAreToldAsTheAgentsOwnNamespaceNumbersThem() throws Exception {
        Path cgroup = Cgroup2.mount(Path.of("/proc")).orElseThrow();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Process nested = shell(
                    "unshare",
                    "--pid",
                    "--fork",
                    "--mount-proc",
                    "sh",
                    "-c",
                    "readlink /proc/self/ns/pid; read go; " + asking(server.getLocalPort()));
            String link = nested.inputReader().readLine();
            long inode = Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
            try (KernelFold fold = KernelFold.ebpf(cgroup, inode, Room.DEFAULT, false)) {
                fold.started();
                nested.getOutputStream().write('\n');
                nested.getOutputStream().flush();
                String inside = nested.inputReader().readLine();
                assertThat(nested.waitFor()).isZero();
                assertThat(inside).startsWith("1 ");
                assertThat(drained(fold, server.getLocalPort())).containsExactly(new Told("python3", 1, true));
            } finally {
                nested.destroy();
            }
        }
    }
}
