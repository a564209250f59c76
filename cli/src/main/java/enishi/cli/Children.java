package enishi.cli;

import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Server and agent as child processes, each with the flags of its JVM and its own AOT cache (JEP 514). */
final class Children {
    private static final List<String> SERVER =
            List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx384m", "-XX:MaxDirectMemorySize=128m");

    /** C1 and a small heap: a host has other work. */
    private static final List<String> AGENT = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms8m",
            "-Xmx48m",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=16m");

    private final Path dist;

    Children() {
        this.dist = Path.of(System.getProperty("enishi.dist", "dist"));
    }

    ProcessBuilder server(List<String> arguments) {
        return java("server", SERVER, "enishi.server.Main", arguments);
    }

    ProcessBuilder agent(List<String> arguments) {
        return java("agent", AGENT, "enishi.agent.Main", arguments);
    }

    private ProcessBuilder java(String part, List<String> flags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("--enable-native-access=ALL-UNNAMED");
        Path cache = dist.resolve(part + ".aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
            command.add("-XX:AOTMode=auto");
            command.add("-Xlog:disable");
            command.add("-Xlog:all=error:stderr");
        }
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

    /** Runs a child in our place: its output is ours, our end is its end. @return its exit code */
    static int inPlace(ProcessBuilder builder) {
        Process child = start(builder.inheritIO());
        Thread hook = Thread.ofPlatform().unstarted(() -> end(child));
        Runtime.getRuntime().addShutdownHook(hook);
        return await(child);
    }

    static Process start(ProcessBuilder builder) {
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
    static void end(@Nullable Process child) {
        if (child != null && child.isAlive()) {
            child.destroy();
            await(child);
        }
    }

    /** Where a child's own words go while another speaks on the terminal. */
    static ProcessBuilder logged(ProcessBuilder builder, Home home, String part) throws IOException {
        Path log = home.folder().resolve(part + ".log");
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    }
}
