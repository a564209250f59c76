package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Enishi in one state folder, driven as a user drives it: by its commands, as processes of their own. */
public final class Enishi {
    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    public static final Path DIST = ROOT.resolve("dist");
    private static final long PATIENCE_SECONDS = 40;

    /** As {@code ./enishi} starts a command. */
    private static final List<String> LAUNCHER = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xlog:disable", "-Xlog:all=error:stderr");

    private final Path home;
    private final Path dist;
    private final List<String> prefix;
    private @Nullable Process up;

    /** How a command ended and what it said. */
    public record Ended(int code, String out, String err) {
        /** One line on stderr and this code, as every refusal should be. */
        void isOneLine(int expected) {
            assertThat(err.strip().lines()).as(err).hasSize(1);
            assertThat(code).as(err).isEqualTo(expected);
        }
    }

    Enishi(Path home) {
        this(home, DIST, List.of());
    }

    /**
     * An installation elsewhere or of another user.
     *
     * @param dist what {@code package} makes, where that user can read it
     * @param prefix what each command begins with, such as setpriv(1)
     */
    public Enishi(Path home, Path dist, List<String> prefix) {
        this.home = home;
        this.dist = dist;
        this.prefix = prefix;
    }

    public Path home() {
        return home;
    }

    /** {@code enishi up} on a port of the kernel's choosing, until both parts have said that they run. */
    void up(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("up", "--listen", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        up = command(arguments.toArray(String[]::new))
                .redirectOutput(home.resolve("up.out").toFile())
                .redirectErrorStream(true)
                .start();
        await(
                "both parts of enishi up",
                () -> Files.exists(home.resolve("server.url")) && Files.exists(home.resolve("agent.status")));
    }

    /** Ends {@code up} as Ctrl-C does. */
    void down() throws InterruptedException {
        if (up != null) {
            up.destroy();
            assertThat(up.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A command of this installation, not started yet. */
    ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java());
        if (dist.equals(DIST)) {
            command.add("-XX:AOTCache=" + Trained.cache());
        }
        command.addAll(program(dist, "enishi.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ENISHI_HOME", home.toString());
        return builder;
    }

    /** The JVM of a command. */
    static List<String> java() {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(LAUNCHER);
        return java;
    }

    /** What it runs, and where it finds the other parts. */
    static List<String> program(Path dist, String main) {
        return List.of("-Denishi.dist=" + dist, "-cp", dist.resolve("cli") + "/*", main);
    }

    /** Runs a command to its end. */
    public Ended run(String... arguments) throws IOException, InterruptedException {
        Path err = Files.createTempFile(home, "run", ".err");
        Process process = command(arguments).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    /** What a command answers on stdout. */
    public String ask(String... arguments) {
        try {
            return run(arguments).out();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines of {@code export -o tuples} in which an endpoint with this port stands. */
    String tuples(int port) {
        return ask("export", "-o", "tuples")
                .lines()
                .filter(line -> line.contains(" " + port + " "))
                .reduce("", (one, other) -> one + other + "\n");
    }

    /** Waits for a condition, within a limit. */
    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, condition, () -> "");
    }

    /** @param instead what is told of a wait in vain: what there was instead */
    static void await(String what, BooleanSupplier condition, Supplier<String> instead) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("waited too long for " + what + "\n" + instead.get());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** A real program that connects and holds on until its input ends. */
    static Process client(String address, int port) throws IOException {
        return new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket,sys; s=socket.create_connection(('" + address + "'," + port
                                + ")); sys.stdin.read()")
                .start();
    }
}
