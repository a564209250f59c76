package enishi.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the cgroup2 hierarchy is mounted that this process sees as a whole (proc_pid_mountinfo(5)): on a host of its
 * own that is all of it, within a cgroup namespace what belongs to that. It may be a sub-mount of a v1 host, or
 * absent.
 */
public final class Cgroup2 {
    private Cgroup2() {}

    /** The folder; empty where none is mounted. */
    public static Optional<Path> mount(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("self/mountinfo")).stream()
                .map(line -> line.split(" ", -1))
                .filter(Cgroup2::isWhole)
                .map(fields -> Path.of(unescaped(fields[4])))
                .findFirst();
    }

    /** {@code 36 35 98:0 ROOT MOUNTPOINT OPTIONS TAGS... - TYPE SOURCE OPTIONS}. */
    private static boolean isWhole(String[] fields) {
        for (int i = 6; i + 1 < fields.length; i++) {
            if (fields[i].equals("-")) {
                return fields[i + 1].equals("cgroup2") && fields[3].equals("/");
            }
        }
        return false;
    }

    /** Blanks stand as octal numbers. */
    private static String unescaped(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
