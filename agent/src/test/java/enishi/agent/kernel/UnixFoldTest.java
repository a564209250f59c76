package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.process.Cgroup2;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel tells of unix sockets, of processes that are dead when it is read. */
@Tag("root")
class UnixFoldTest {
    private static final long HOST_PIDS = 0xEFFF_FFFCL;

    /** Names are latin-1 here: a byte is a character. */
    private record Told(String program, int pid, String name, boolean datagram) {}

    private static final String SERVER = """
            import socket, sys
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.bind(eval(sys.argv[1]))
            server.listen(128)
            print('listening', flush=True)
            while True:
                server.accept()[0].close()
            """;

    private static final String CLIENT = """
            import socket, sys, time, os
            for i in range(int(sys.argv[2])):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.connect(eval(sys.argv[1]))
                time.sleep(0.001)
                client.close()
            print(os.getpid())
            """;

    private static final String SENDER = """
            import socket, sys, os
            sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            for i in range(5):
                sender.sendto(b'x', eval(sys.argv[1]))
            other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            other.connect(eval(sys.argv[1]))
            other.send(b'x')
            other.send(b'x')
            print(os.getpid())
            """;

    private static final String LOGGER = """
            import socket, sys
            server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            server.bind(eval(sys.argv[1]))
            print('listening', flush=True)
            while True:
                server.recv(9)
            """;

    private static final String UNTERMINATED = """
            import ctypes, os, socket, struct, sys
            libc = ctypes.CDLL(None)
            path = eval(sys.argv[1])
            address = struct.pack('H', socket.AF_UNIX) + path
            server = socket.socket(socket.AF_UNIX)
            assert libc.bind(server.fileno(), address, len(address)) == 0
            server.listen(1)
            client = socket.socket(socket.AF_UNIX)
            assert libc.connect(client.fileno(), address, len(address)) == 0
            os.unlink(path)
            print(os.getpid())
            """;

    private static final String MANY = """
            import socket, sys, os
            for i in range(64):
                s = socket.socket(socket.AF_UNIX)
                s.connect_ex(sys.argv[1] + str(i))
                s.close()
            print(os.getpid())
            """;

    private static Process python(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static int pidOf(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return Integer.parseInt(said);
    }

    private static UnixFold fold(int room) throws Exception {
        return UnixFold.open(Cgroup2.mount(Path.of("/proc")).orElseThrow(), HOST_PIDS, room);
    }

    private static Map<Told, Long> drained(UnixFold fold, int pid) throws KernelException {
        List<UnixAsked> all = new ArrayList<>();
        fold.drain(all::add);
        return all.stream()
                .filter(each -> each.pid() == pid)
                .collect(Collectors.toMap(
                        each -> new Told(
                                new String(each.program(), StandardCharsets.ISO_8859_1),
                                each.pid(),
                                new String(each.name(), StandardCharsets.ISO_8859_1),
                                each.datagram()),
                        UnixAsked::count));
    }

    private static void counts(String literal, String name, int connects) throws Exception {
        Process server = python(SERVER, literal);
        try (UnixFold fold = fold(UnixFold.ROOM)) {
            assertThat(server.inputReader().readLine()).isEqualTo("listening");
            int pid = pidOf(python(CLIENT, literal, Integer.toString(connects)));
            assertThat(drained(fold, pid))
                    .containsExactlyEntriesOf(Map.of(new Told("python3", pid, name, false), (long) connects));
            assertThat(drained(fold, pid)).isEmpty();
            assertThat(fold.lost()).isZero();
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void aThousandConnectsOfAMillisecondAreCountedByADeadProcess(@TempDir Path folder) throws Exception {
        String path = folder.resolve("s").toString();
        counts("'" + path + "'", path, 1_000);
    }

    @Test
    void abstractNamesAreToldToTheByte() throws Exception {
        String name = "\0enishi\0\n\u001b[31m" + ProcessHandle.current().pid();
        counts("b'\\0enishi\\0\\n\\x1b[31m" + ProcessHandle.current().pid() + "'", name, 3);
    }

    /** Without a NUL at its end, which the C library lets pass and Python does not. */
    @Test
    void aPathOfAllBytesThereAreIsToldWhole(@TempDir Path folder) throws Exception {
        String path = (folder.toString() + "/" + "\u001b\n".repeat(60)).substring(0, 108);
        String literal = "b'" + path.replace("\u001b", "\\x1b").replace("\n", "\\n") + "'";
        try (UnixFold fold = fold(UnixFold.ROOM)) {
            int pid = pidOf(python(UNTERMINATED, literal));
            assertThat(drained(fold, pid)).containsExactlyEntriesOf(Map.of(new Told("python3", pid, path, false), 1L));
        }
    }

    @Test
    void aSocketThatSendsToOneNameCountsOnce(@TempDir Path folder) throws Exception {
        String path = folder.resolve("log").toString();
        Process server = python(LOGGER, "'" + path + "'");
        try (UnixFold fold = fold(UnixFold.ROOM)) {
            assertThat(server.inputReader().readLine()).isEqualTo("listening");
            int pid = pidOf(python(SENDER, "'" + path + "'"));
            assertThat(drained(fold, pid)).containsExactlyEntriesOf(Map.of(new Told("python3", pid, path, true), 2L));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void whatFindsNoRoomIsCountedAsLost(@TempDir Path folder) throws Exception {
        try (UnixFold fold = fold(16)) {
            int pid = pidOf(python(MANY, folder.resolve("none").toString()));
            long told = drained(fold, pid).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(told).isBetween(1L, 16L);
            assertThat(told + fold.lost()).isGreaterThanOrEqualTo(64);
        }
    }
}
