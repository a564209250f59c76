package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files as one process sees them, by its root under {@code /proc}. Looking up never waits for a file system: what
 * the kernel has not at hand is not found. A bound socket holds its file there (net/unix/af_unix.c, unix_bind_bsd).
 */
public final class ProcessView implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final Libc libc = new Libc(arena);
    private final Path process;
    private final int root;

    private ProcessView(Path process) throws KernelException {
        this.process = process;
        boolean opened = false;
        try {
            root = libc.open(process.resolve("root").toString(), Linux.O_PATH | Linux.O_CLOEXEC);
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /** Opens the view of a process, by its folder under {@code /proc}. */
    public static ProcessView open(Path process) throws KernelException {
        return new ProcessView(process);
    }

    /** Inode number of the root folder. */
    public long root() throws IOException {
        return Long.parseLong(fact(root, "ino:"));
    }

    /** The file at a path of the view; empty if nothing is there. Links are followed within the view. */
    public Optional<SocketFile> file(byte[] path) throws IOException {
        int found;
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment text = scratch.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, text, JAVA_BYTE, 0, path.length);
            MemorySegment how = scratch.allocate(24, 8);
            how.set(JAVA_LONG, 0, Linux.O_PATH | Linux.O_CLOEXEC);
            how.set(JAVA_LONG, 16, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_CACHED);
            found = libc.open(root, text, how, "looking for a socket's file");
        } catch (KernelException e) {
            return Optional.empty();
        }
        try {
            long inode = Long.parseLong(fact(found, "ino:"));
            return device(fact(found, "mnt_id:")).map(device -> new SocketFile(device, inode & 0xffff_ffffL));
        } finally {
            libc.close(found);
        }
    }

    /** What {@code /proc} tells of a descriptor (proc_pid_fdinfo(5)); the inode since Linux 5.14. */
    private static String fact(int descriptor, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/fdinfo/" + descriptor))) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        throw new IOException("the kernel does not tell " + name + " of a descriptor; Linux 5.14 does");
    }

    /** The device of a mount, of which the process's list tells {@code major:minor} (proc_pid_mountinfo(5)). */
    private Optional<Long> device(String mount) throws IOException {
        byte[] text = Files.readAllBytes(process.resolve("mountinfo"));
        List<String> lines =
                new String(text, StandardCharsets.ISO_8859_1).lines().toList();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (words[0].equals(mount)) {
                String[] numbers = words[2].split(":", 2);
                return Optional.of(Long.parseLong(numbers[0]) << 20 | Long.parseLong(numbers[1]));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        libc.close(root);
        arena.close();
    }
}
