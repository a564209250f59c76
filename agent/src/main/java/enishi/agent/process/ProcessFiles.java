package enishi.agent.process;

import enishi.agent.container.ContainerNames;
import enishi.agent.kernel.Errno;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.NumberedEntries;
import enishi.model.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/** What {@code /proc/PID} tells (proc_pid(5)). A process may end between any two reads: that is empty, not an error. */
final class ProcessFiles {
    /** What older kernels give for every process. */
    static final long NOT_TOLD = 0;

    private final Path proc;
    private final ContainerNames names;
    private final NumberedEntries entries = new NumberedEntries();
    private long unreadable;

    ProcessFiles(Path proc, ContainerNames names) {
        this.proc = proc;
        this.names = names;
    }

    /** How many times something could not be read for want of privilege or of room. */
    long unreadable() {
        return unreadable;
    }

    /** Hands on every pid now, in no order; none, and counted, when even that cannot be read. */
    void pids(LongConsumer each) {
        try {
            entries.names(proc, each);
        } catch (KernelException e) {
            unreadable++;
        }
    }

    /**
     * How many descriptors the process holds, as the size of their folder tells since Linux 6.2 (fs/proc/fd.c); before,
     * and for a process that has ended, {@link #NOT_TOLD}.
     */
    long descriptors(int pid) {
        try {
            return Files.size(proc.resolve(pid + "/fd"));
        } catch (IOException e) {
            return NOT_TOLD;
        }
    }

    /** Hands on the inode of every socket the process holds. @return how many descriptors were read */
    int sockets(int pid, LongConsumer inode) {
        try {
            return entries.sockets(proc.resolve(pid + "/fd"), inode);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                unreadable++;
            }
            return 1;
        }
    }

    /** Whether this user may read the descriptors of a process, be it only that it has ended. */
    boolean isReadable(int pid) {
        try {
            entries.names(proc.resolve(pid + "/fd"), each -> {});
            return true;
        } catch (KernelException e) {
            return e.errno() == Errno.ENOENT;
        }
    }

    /** Who the process is; empty if it has ended. */
    Optional<Owner> owner(int pid) {
        try {
            String line = text(Files.readAllBytes(proc.resolve(pid + "/stat")));
            String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
            return Optional.of(
                    new Owner(new ProcessId(pid, startTicks(line)), cgroup(pid).program(name, names)));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Where the process is; empty if it has ended, whoever has its pid by now. */
    Optional<Cgroup> cgroup(ProcessId process) {
        try {
            Cgroup cgroup = cgroup(process.pid());
            String line = text(Files.readAllBytes(proc.resolve(process.pid() + "/stat")));
            return startTicks(line) == process.startTicks() ? Optional.of(cgroup) : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long startTicks(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(afterName[19]);
    }

    private Cgroup cgroup(int pid) throws IOException {
        return Cgroup.parse(
                text(Files.readAllBytes(proc.resolve(pid + "/cgroup"))).lines().toList());
    }

    /** A name is any bytes but NUL: UTF-8 if it is, else each byte as one character, so that different names differ. */
    private static String text(byte[] bytes) {
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        return utf8.indexOf('\uFFFD') < 0 ? utf8 : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    void close() {
        entries.close();
    }
}
