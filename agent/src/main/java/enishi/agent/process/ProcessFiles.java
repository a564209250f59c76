package enishi.agent.process;

import enishi.model.ProcessId;
import enishi.model.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** What {@code /proc/PID} tells (proc_pid(5)). A process may end between any two reads: that is empty, not an error. */
final class ProcessFiles {
    private static final String SOCKET = "socket:[";
    private final Path proc;
    private long unreadable;

    ProcessFiles(Path proc) {
        this.proc = proc;
    }

    /** How many times a process's descriptors could not be read for want of privilege. */
    long unreadable() {
        return unreadable;
    }

    /** Every pid now, in no order. */
    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path folder : folders) {
                pids.add(Integer.parseInt(String.valueOf(folder.getFileName())));
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("cannot list " + proc + ": is proc mounted there?", e);
        }
        return pids;
    }

    /** Hands on the inode of every socket the process holds. */
    void sockets(int pid, LongConsumer inode) {
        Path folder = proc.resolve(pid + "/fd");
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
            for (Path descriptor : descriptors) {
                socket(descriptor, inode);
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (Files.exists(folder)) {
                unreadable++;
            }
        }
    }

    /** One descriptor; it may be closed already, which is no error. */
    private static void socket(Path descriptor, LongConsumer inode) throws IOException {
        String target;
        try {
            target = Files.readSymbolicLink(descriptor).toString();
        } catch (java.nio.file.NoSuchFileException e) {
            return;
        }
        if (target.startsWith(SOCKET)) {
            inode.accept(Long.parseLong(target, SOCKET.length(), target.length() - 1, 10));
        }
    }

    /** Who the process is; empty if it has ended. */
    Optional<Owner> owner(int pid) {
        try {
            String line = text(Files.readAllBytes(proc.resolve(pid + "/stat")));
            String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
            String[] afterName = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            long startTicks = Long.parseLong(afterName[19]);
            Cgroup cgroup = cgroup(pid);
            String service =
                    cgroup.unit() != null ? cgroup.unit() : cgroup.container() != null ? cgroup.container() : name;
            return Optional.of(
                    new Owner(new ProcessId(pid, startTicks), new Program(name, service, cgroup.container())));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
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
}
