package enishi.cli.parts;

import com.sun.management.OperatingSystemMXBean;
import enishi.cli.ask.Failure;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Server and agent as child processes, each with the flags of its JVM. RATIONALE.md says what each flag brings. */
public final class Children {
    /** A third of the heap holds the last minutes, so it grows with the machine: an eighth of its memory. */
    private static final List<String> SERVER = List.of(
            "-XX:+UseSerialGC", "-Xms16m", "-Xmx" + serverHeapMebibytes() + "m", "-XX:MaxDirectMemorySize=128m");

    private static final long HEAP_MEBIBYTES_MIN = 384;
    private static final long HEAP_MEBIBYTES_MAX = 1_024;

    /** C1 alone, a small heap and no class archive: a host has other work, and an agent starts once. */
    private static final List<String> AGENT = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:off",
            "-Xms4m",
            "-Xmn2m",
            "-Xmx80m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=16m",
            "-XX:TrimNativeHeapInterval=30000",
            "-XX:+ExitOnOutOfMemoryError");

    private final Path dist;

    public Children() {
        this(Path.of(System.getProperty("enishi.dist", "dist")));
    }

    Children(Path dist) {
        this.dist = dist;
    }

    /**
     * The server of a state folder. DuckDB unpacks 70 MB at each start, which a killed server leaves behind: in the
     * state folder the next one finds and removes it.
     */
    ProcessBuilder server(Home home, List<String> arguments) {
        Path cache = dist.resolve("server.aot");
        List<String> flags = new ArrayList<>();
        if (isMadeOf(dist.resolve("server"), cache)) {
            flags.addAll(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=auto"));
        }
        if (isMade(home.scratch())) {
            flags.add("-Djava.io.tmpdir=" + home.scratch());
        }
        return server(flags, arguments);
    }

    /** Of what this machine, or the container that we are in, has. */
    private static long serverHeapMebibytes() {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;
        return Math.clamp(all / 8, HEAP_MEBIBYTES_MIN, HEAP_MEBIBYTES_MAX);
    }

    /** Whether a cache is there and no jar is newer: the JVM would run the classes of the cache all the same. */
    private static boolean isMadeOf(Path jars, Path cache) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(jars, "*.jar")) {
            FileTime made = Files.getLastModifiedTime(cache);
            for (Path each : all) {
                if (Files.getLastModifiedTime(each).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // no cache, most often
        }
    }

    /** A state folder that cannot be made is for the server to complain of. */
    private static boolean isMade(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A server that, when it ends, leaves an AOT cache (JEP 514) made under the very flags it is used with. */
    public ProcessBuilder trainingServer(Path cache, List<String> arguments) {
        return server(List.of("-XX:AOTCacheOutput=" + cache), arguments);
    }

    private ProcessBuilder server(List<String> more, List<String> arguments) {
        List<String> flags = new ArrayList<>(SERVER);
        flags.addAll(more);
        flags.add("-Xlog:disable"); // a cache that does not fit costs time, never a warning
        flags.add("-Xlog:all=error:stderr");
        return java("server", flags, "enishi.server.Main", arguments);
    }

    public ProcessBuilder agent(List<String> arguments) {
        ProcessBuilder builder = java("agent", AGENT, "enishi.agent.Main", arguments);
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        return builder;
    }

    private ProcessBuilder java(String part, List<String> flags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program("enishi-" + part).toString());
        command.addAll(flags);
        command.add("--enable-native-access=ALL-UNNAMED");
        String extra = System.getenv().getOrDefault("ENISHI_JAVA_OPTS", "");
        if (!extra.isBlank()) {
            command.addAll(List.of(extra.strip().split("\\s+", -1)));
        }
        command.add("-cp");
        command.add(dist.resolve(part) + "/*");
        command.add(main);
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** Java under the name by which {@code ps} and every answer shall know this part, if the launcher has linked it. */
    private Path program(String name) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path link = dist.resolve("bin").resolve(name);
        try {
            return Files.isSameFile(link, java) ? link : java;
        } catch (IOException e) {
            return java; // no such link: a checkout built by hand, and the part is called java
        }
    }

    /** Runs a child in our place: its output is ours, our end is its end. @return its exit code */
    static int inPlace(ProcessBuilder builder) {
        Process child = start(builder.inheritIO());
        Thread hook = Thread.ofPlatform().unstarted(() -> end(child));
        Runtime.getRuntime().addShutdownHook(hook);
        return await(child);
    }

    public static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.UNAVAILABLE, "starting " + builder.command().getFirst() + " failed: " + e.getMessage());
        }
    }

    static int await(Process child) {
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException e) {
                end(child);
            }
        }
    }

    /** Asks a child to end and waits until it has. */
    public static void end(@Nullable Process child) {
        if (child != null && child.isAlive()) {
            child.destroy();
            await(child);
        }
    }
}
