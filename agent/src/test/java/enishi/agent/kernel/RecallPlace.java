package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network namespace and a cgroup of a test's own: whatever is counted there, the test's own programs did. */
final class RecallPlace implements AutoCloseable {
    static final int ADDRESSES = 16;
    private static final Path PROGRAMS = Path.of("..", "lab", "src", "test", "programs");
    private final String name = "enishi-recall-" + ProcessHandle.current().pid();
    private final Path folder;
    private final Path cgroup;

    /**
     * What a program said it did.
     *
     * @param line one line of JSON, numbers and lists of numbers only
     */
    record Done(String line) {
        long number(String word) {
            return numbers(word).getFirst();
        }

        List<Long> numbers(String word) {
            Matcher found =
                    Pattern.compile("\"" + word + "\":\\[?([0-9.,]+)\\]?[,}]").matcher(line);
            assertThat(found.find()).as(word + " in " + line).isTrue();
            return Arrays.stream(found.group(1).split(",", -1))
                    .filter(each -> !each.isEmpty())
                    .map(Long::valueOf)
                    .toList();
        }
    }

    /** Connections of the namespace by its own counters (RFC 4022, tcpActiveOpens and tcpPassiveOpens). */
    record Opens(long active, long passive) {
        Opens since(Opens before) {
            return new Opens(active - before.active, passive - before.passive);
        }
    }

    RecallPlace() throws IOException {
        folder = Files.createTempDirectory("enishi-recall");
        cgroup = Files.createDirectory(cgroup2().resolve(name));
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "set", "lo", "up");
        for (int i = 1; i <= ADDRESSES; i++) {
            String address = "fd00::%x/128".formatted(i);
            run("ip", "-n", name, "address", "add", address, "dev", "lo", "nodad");
        }
        inside("sh", "-c", "echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range");
        for (String program : List.of("load", "odd")) {
            run(
                    "clang",
                    "-O2",
                    "-o",
                    folder.resolve(program).toString(),
                    PROGRAMS.resolve(program + ".c").toString());
        }
    }

    /** Wherever it is mounted (proc_pid_mountinfo(5)). */
    static Path cgroup2() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            List<String> words = Arrays.asList(line.split(" ", -1));
            if (words.get(words.indexOf("-") + 1).equals("cgroup2")) {
                return Path.of(words.get(4));
            }
        }
        throw new IllegalStateException("no cgroup2 is mounted");
    }

    Path cgroup() {
        return cgroup;
    }

    /** Inode number of the network namespace. */
    long namespace() throws IOException {
        return (Long) Files.getAttribute(Path.of("/run/netns", name), "unix:ino");
    }

    Opens opens() throws IOException {
        String snmp = inside("cat", "/proc/net/snmp");
        List<String> tcp = snmp.lines().filter(line -> line.startsWith("Tcp:")).toList();
        List<String> words = Arrays.asList(tcp.get(0).split(" ", -1));
        String[] values = tcp.get(1).split(" ", -1);
        return new Opens(
                Long.parseLong(values[words.indexOf("ActiveOpens")]),
                Long.parseLong(values[words.indexOf("PassiveOpens")]));
    }

    /**
     * Runs a program of lab's, in the namespace and the cgroup, to its end.
     *
     * @param program its name and what it shall do
     */
    Done does(String... program) throws IOException {
        String[] command = program.clone();
        command[0] = folder.resolve(program[0]).toString();
        return new Done(inside(command).strip());
    }

    private String inside(String... command) throws IOException {
        String join = "echo $$ >\"$0\" && exec \"$@\"";
        List<String> all = new ArrayList<>(
                List.of("sh", "-c", join, cgroup.resolve("cgroup.procs").toString(), "ip", "netns", "exec", name));
        all.addAll(Arrays.asList(command));
        return run(all.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue())
                .as(String.join(" ", command))
                .isZero();
        return said;
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", name);
        Files.delete(cgroup);
        for (String program : List.of("load", "odd")) {
            Files.delete(folder.resolve(program));
        }
        Files.delete(folder);
    }
}
