package enishi.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One server or agent of a state folder, as {@code enishi server} and {@code enishi agent} start them, but without the
 * command in between: what is killed is the part itself.
 */
public final class Part implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("enishi.root", "..")).toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 60;

    /** With what the JVM of a server is started. */
    public static final List<String> SERVER = List.of("-Xms16m", "-Xmx384m", "-XX:MaxDirectMemorySize=128m");

    /** With what that of an agent is. */
    public static final List<String> AGENT =
            List.of("-XX:TieredStopAtLevel=1", "-Xms8m", "-Xmx48m", "-Xss512k", "-XX:ReservedCodeCacheSize=16m");

    private final Path home;
    private final Path scratch;
    private final Process process;
    private final long startedAtMillis = System.currentTimeMillis();

    /** Starts it with a folder for temporary files of its own: the database unpacks a library and a kill leaves it. */
    private Part(Path home, List<String> command, Map<String, String> environment) throws IOException {
        this.home = home;
        scratch = Files.createTempDirectory(home, "scratch");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(home.resolve("parts.log").toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("ENISHI_HOME", home.toString());
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + scratch);
        process = builder.start();
    }

    /** A server on a port of the kernel's choosing. It may not answer yet. */
    static Part server(Path home, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return new Part(home, command("server", SERVER, "enishi.server.Main", arguments), Map.of());
    }

    /** An agent that reports to the server of its state folder. It may not watch yet. */
    static Part agent(Path home, String... more) throws IOException {
        return new Part(home, command("agent", AGENT, "enishi.agent.Main", List.of(more)), Map.of());
    }

    /** The same, with more in its environment. */
    static Part agent(Path home, Map<String, String> environment) throws IOException {
        return new Part(home, command("agent", AGENT, "enishi.agent.Main", List.of()), environment);
    }

    /** A command in front of a server, such as one that traces it. */
    static Part serverUnder(List<String> before, Path home) throws IOException {
        List<String> whole = new ArrayList<>(before);
        whole.addAll(command("server", SERVER, "enishi.server.Main", List.of("--listen", "127.0.0.1:0")));
        return new Part(home, whole, Map.of());
    }

    private static List<String> command(String part, List<String> flags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", ROOT.resolve("dist").resolve(part) + "/*", main));
        command.addAll(arguments);
        return command;
    }

    long startedAtMillis() {
        return startedAtMillis;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL, and nothing of it runs any more on return. */
    void kill() throws IOException {
        process.destroyForcibly();
        if (!awaitEnd()) {
            throw new IllegalStateException("SIGKILL did not end process " + process.pid());
        }
        if (Files.exists(scratch)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch)) {
                for (Path each : left) {
                    Files.delete(each);
                }
            }
            Files.delete(scratch);
        }
    }

    /** SIGTERM, and SIGKILL if that does not end it. */
    @Override
    public void close() throws IOException {
        process.destroy();
        boolean ended = awaitEnd();
        kill();
        if (!ended) {
            throw new IllegalStateException("SIGTERM did not end it; " + home.resolve("parts.log") + " may say why");
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException("interrupted while waiting for a process to end", e);
        }
    }

    /** Waits for a condition while this part runs, within a limit. */
    void await(String what, BooleanSupplier condition) throws InterruptedException, IOException {
        try {
            until(what, () -> !process.isAlive() || condition.getAsBoolean());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "; it said: " + said(), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("a part ended before " + what + "; it said: " + said());
        }
    }

    private String said() throws IOException {
        String said = Files.readString(home.resolve("parts.log"));
        return said.substring(Math.max(0, said.length() - 2_000));
    }

    /** Waits for a condition, within a limit. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new IllegalStateException("waited too long for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
