package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi.Ended;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code enishi up} on this machine, asked as a user asks. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class EndToEndTest {
    @TempDir
    static Path home;

    private Enishi enishi;

    @BeforeAll
    void start() throws Exception {
        enishi = new Enishi(home);
        enishi.up();
    }

    @AfterAll
    void stop() throws Exception {
        enishi.down();
    }

    @Test
    void aHeldConnectionNamesBothProgramsAndNoEphemeralPort() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = listener.getLocalPort();
            Process client = Enishi.client("127.0.0.1", port);
            try (Socket accepted = listener.accept()) {
                String named = " " + client.pid() + " python3";
                Enishi.await("the client's name", () -> enishi.tuples(port).contains(named));
                String line = enishi.tuples(port);
                assertThat(line).contains("127.0.0.1 * 127.0.0.1 " + port + " ");
                assertThat(line).doesNotContain(Integer.toString(accepted.getPort()));
            } finally {
                client.destroy();
            }
        }
    }

    @Test
    void whatWasSeenIsStillThereAfterARestart() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral("::1"))) {
            int port = listener.getLocalPort();
            Process client = Enishi.client("::1", port);
            try (Socket accepted = listener.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                Enishi.await("the client's name", () -> enishi.tuples(port).contains("python3"));
            } finally {
                client.destroy();
            }
            enishi.down();
            enishi.up();
            assertThat(enishi.tuples(port)).contains("python3");
        }
    }

    /** DuckDB unpacks its library at each start; a killed server cannot remove it. */
    @Test
    void aKilledServerLeavesNothingThatTheNextOneDoesNotRemove() throws Exception {
        ProcessHandle server = ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().command().orElse("").endsWith("enishi-server")
                        || each.info().commandLine().orElse("").contains("enishi.server.Main"))
                .filter(each -> each.info().commandLine().orElse("").contains(home.toString()))
                .findFirst()
                .orElseThrow();
        server.destroyForcibly();
        Enishi.await("the end of up, which ends when a part does", () -> !server.isAlive());
        enishi.down();
        enishi.up();
        Enishi.await("an answer", () -> enishi.ask("hosts").contains("HOST"));
        try (Stream<Path> unpacked = Files.list(home.resolve("scratch"))) {
            assertThat(unpacked).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void wrongInputGetsOneLineAndItsExitCode() throws Exception {
        Enishi.await("a first report", () -> enishi.ask("hosts").contains("ebpf"));
        enishi.run("dependencies", "nobody-here").isOneLine(66);
        enishi.run("dependencies", "self", "--since", "yesterdayish").isOneLine(64);
        enishi.run("dependents", "self", "--server", "http://127.0.0.1:1").isOneLine(69);
        Path wrong = Files.writeString(home.resolve("wrong.token"), "enishi.viewer.00\n");
        enishi.run("hosts", "--token-file", wrong.toString()).isOneLine(77);
        enishi.run("server", "--lisen", "127.0.0.1:0").isOneLine(78);
        enishi.run("server", "--listen", "0.0.0.0:0").isOneLine(78);
        enishi.run("server", "--listen", "127.0.0.1:0").isOneLine(69);
    }

    @Test
    void anInvitedHostReadsNothingButItself() throws Exception {
        Ended invited = enishi.run("server", "invite", "web1");
        assertThat(invited.code()).isZero();
        Path token = Files.writeString(home.resolve("web1.token"), invited.out());
        Enishi.await("a first report", () -> enishi.ask("hosts").contains("ebpf"));
        String own = Files.readString(home.resolve("host-id")).strip();
        enishi.run("dependencies", own, "--token-file", token.toString()).isOneLine(77);
        enishi.run("export", "--token-file", token.toString()).isOneLine(77);
    }
}
