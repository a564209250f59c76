package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code enishi up} on this machine, asked as a user asks. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    static Path home;

    private @Nullable Process up;

    /** How a command ended and what it said. */
    private record Ended(int code, String out, String err) {}

    @BeforeAll
    void start() throws Exception {
        startUp();
    }

    @AfterAll
    void stop() throws Exception {
        end();
    }

    private void startUp() throws Exception {
        up = command("up", "--listen", "127.0.0.1:0")
                .redirectOutput(home.resolve("up.out").toFile())
                .redirectErrorStream(true)
                .start();
        await(() -> Files.exists(home.resolve("server.url")) && Files.exists(home.resolve("agent.status")));
    }

    private void end() throws Exception {
        if (up != null) {
            up.destroy();
            assertThat(up.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Denishi.dist=" + ROOT.resolve("dist"));
        command.addAll(List.of("-cp", ROOT.resolve("dist/cli") + "/*", "enishi.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ENISHI_HOME", home.toString());
        return builder;
    }

    private Ended run(String... arguments) throws Exception {
        Path err = Files.createTempFile(home, "run", ".err");
        Process process = command(arguments).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(endNanos);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** A real program that connects and holds on until its input ends. */
    private static Process client(String address, int port) throws IOException {
        return new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket,sys; s=socket.create_connection(('" + address + "'," + port
                                + ")); sys.stdin.read()")
                .start();
    }

    @Test
    void aHeldConnectionNamesBothProgramsAndNoEphemeralPort() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = listener.getLocalPort();
            Process client = client("127.0.0.1", port);
            try (Socket accepted = listener.accept()) {
                await(() -> tuples(port).contains(" " + client.pid() + " python3"));
                String line = tuples(port);
                assertThat(line).contains(" " + client.pid() + " python3");
                assertThat(line).contains("127.0.0.1 * 127.0.0.1 " + port + " ");
                assertThat(line).doesNotContain(Integer.toString(accepted.getPort()));
            } finally {
                client.destroy();
            }
        }
    }

    private String ask(String... arguments) {
        try {
            return run(arguments).out();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String tuples(int port) {
        return ask("export", "-o", "tuples")
                .lines()
                .filter(line -> line.contains(" " + port + " "))
                .reduce("", (one, other) -> one + other + "\n");
    }

    @Test
    void whatWasSeenIsStillThereAfterARestart() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral("::1"))) {
            Process client = client("::1", listener.getLocalPort());
            try (Socket accepted = listener.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                await(() -> tuples(listener.getLocalPort()).contains("python3"));
            } finally {
                client.destroy();
            }
            end();
            startUp();
            assertThat(tuples(listener.getLocalPort())).contains("python3");
        }
    }

    @Test
    void wrongInputGetsOneLineAndItsExitCode() throws Exception {
        await(() -> ask("hosts").contains("sock_diag"));
        assertOneLine(run("dependencies", "nobody-here"), 66);
        assertOneLine(run("dependencies", "self", "--since", "yesterdayish"), 64);
        assertOneLine(run("dependents", "self", "--server", "http://127.0.0.1:1"), 69);
        Path wrong = Files.writeString(home.resolve("wrong.token"), "enishi.viewer.00\n");
        assertOneLine(run("hosts", "--token-file", wrong.toString()), 77);
        assertOneLine(run("server", "--lisen", "127.0.0.1:0"), 78);
        assertOneLine(run("server", "--listen", "0.0.0.0:0"), 78);
        assertOneLine(run("server", "--listen", "127.0.0.1:0"), 69);
    }

    private static void assertOneLine(Ended ended, int code) {
        assertThat(ended.err().strip().lines()).as(ended.err()).hasSize(1);
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    }

    @Test
    void anInvitedHostReadsNothingButItself() throws Exception {
        Ended invited = run("server", "invite", "web1");
        assertThat(invited.code()).isZero();
        Path token = Files.writeString(home.resolve("web1.token"), invited.out());
        await(() -> ask("hosts").contains("sock_diag"));
        String own = Files.readString(home.resolve("host-id")).strip();
        assertOneLine(run("dependencies", own, "--token-file", token.toString()), 77);
        assertOneLine(run("export", "--token-file", token.toString()), 77);
    }
}
