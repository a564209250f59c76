package enishi.cli.parts;

import enishi.cli.ask.Failure;
import enishi.settings.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Server and agent as child processes, each with the flags of its JVM. RATIONALE.md says what each flag brings. */
public final class Children {
    private static final List<String> SERVER =
            List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx384m", "-XX:MaxDirectMemorySize=128m");

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

    ProcessBuilder server(List<String> arguments) {
        Path cache = dist.resolve("server.aot");
        List<String> archive =
                Files.isReadable(cache) ? List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=auto") : List.of();
        return server(archive, arguments);
    }

    /** A server that, when it ends, leaves an AOT cache (JEP 514) made under the very flags it is used with. */
    public ProcessBuilder trainingServer(Path cache, List<String> arguments) {
        return server(List.of("-XX:AOTCacheOutput=" + cache), arguments);
    }

    private ProcessBuilder server(List<String> archive, List<String> arguments) {
        List<String> flags = new ArrayList<>(SERVER);
        flags.addAll(archive);
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
