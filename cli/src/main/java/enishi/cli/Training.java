package enishi.cli;

import enishi.cli.parts.Children;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs everything for a moment, so that the JVMs may write down what they loaded and linked (AOT caches, JEP 483): a
 * server and an agent in a state folder of their own, and in this JVM the commands that ask them. Whatever was started
 * is ended, and the state folder is removed, however this ends.
 */
public final class Training {
    private static final long PATIENCE_SECONDS = 30;
    private final Path folder;
    private final Path home;
    private final Deque<Process> running = new ArrayDeque<>();

    private Training(Path folder) {
        this.folder = folder;
        this.home = folder.resolve("home");
    }

    /**
     * Trains once.
     *
     * @param arguments the folder in which to leave {@code server.aot}; this JVM's own is the launcher's affair
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Training training = new Training(Path.of(arguments[0]).toAbsolutePath());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(training::clear));
        training.run();
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(home);
        Children children = new Children();
        List<String> at = List.of("--home", home.toString());
        Process server = start(
                children.trainingServer(
                        folder.resolve("server.aot"), List.of("--home", home.toString(), "--listen", "127.0.0.1:0")),
                "server.log");
        await("the server's address", () -> Files.exists(home.resolve("server.url")));
        Process agent = start(children.agent(at), "agent.log");
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            String port = ":" + accepted.getLocalPort() + " ";
            await(
                    "a first dependency",
                    () -> client.isConnected() && ask("dependencies").contains(port));
            askEverything();
        }
        end(agent);
        end(server);
    }

    private void askEverything() {
        ask("dependents", "self", "--since", "5m");
        ask("dependencies", "-o", "json");
        ask("hosts");
        ask("services");
        ask("listeners", "--unused");
        ask("export");
        ask("export", "-o", "csv");
        ask("export", "-o", "tuples");
        ask("agent", "status");
    }

    /** What a command prints; the outcome of one that fails is as good a lesson. */
    private String ask(String... arguments) {
        StringWriter out = new StringWriter();
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
                .toArray(String[]::new);
        CommandLine commands =
                Main.commandLine(all).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        int code = commands.execute(all);
        System.out.println(String.join(" ", arguments) + ": " + code);
        return out.toString();
    }

    private Process start(ProcessBuilder builder, String log) {
        Process process = Children.start(builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile()));
        running.push(process);
        return process;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new IllegalStateException("waited " + PATIENCE_SECONDS + " s in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** A JVM that trains writes its cache after its own end, which takes seconds. */
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(2 * PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the process " + process.pid() + " does not end");
        }
    }

    private void clear() {
        for (Process each : running) {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(Training::delete);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("removing " + home + " failed: " + e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
