package enishi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.cli.ask.FakeServer;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands as they are typed: what they print, where, and with which exit code. */
class CommandsTest {
    private static final String HOSTS = """
            {"from":"2026-11-20T11:00:00Z","to":"2026-11-20T12:00:00Z","items":[{"host":"we\u009Bb1",\
            "host_id":"0123456789abcdef0123456789abcdef","addresses":["10.0.0.11"],"labels":{},"rung":"sock_diag",\
            "first_report":"2026-11-20T10:00:00Z","last_report":"2026-11-20T11:59:00Z","clock_offset_millis":0}],\
            "next":null,"notes":["Some note."],"coverage":{"verdict":"complete","hosts":[]}}""";
    private static final String DEPENDENCY = """
            {"client":{"site":null,"zone":null,"host":"web1","program":"nginx","pids":[812],"more_processes":0,\
            "service":"nginx.service","container":null,"address":"10.0.0.11"},\
            "server":{"site":null,"zone":null,"host":null,"program":null,"pids":[],"more_processes":0,"service":null,\
            "container":null,"address":"10.0.0.21","port":8000,"name":null},"transport":"tcp",\
            "first_seen":"2026-11-20T11:00:12Z","last_seen":"2026-11-20T11:58:00Z","connections":42,"failures":0,\
            "active":3,"client_bytes":1,"server_bytes":2,"rtt_micros":null,"retransmits":null,"seen_from":"client",\
            "evidence":["connect"],"via":[]}
            """;
    private static final String TRAILER = """
            {"from":"2026-11-20T11:00:00Z","to":"2026-11-20T12:00:00Z","coverage":{"verdict":"complete","hosts":[]}}
            """;

    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void leaveAToken() throws IOException {
        Files.writeString(home.resolve("viewer.token"), "# a comment\n\nenishi.viewer.abc\n");
    }

    private int run(String... arguments) {
        CommandLine commands =
                Main.commandLine(arguments).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(arguments);
    }

    private int ask(FakeServer server, String... arguments) {
        return run(Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString(), "--server", server.url()))
                .toArray(String[]::new));
    }

    private void isOneLine(String... words) {
        assertThat(err.toString().strip().lines()).hasSize(1).first().asString().startsWith("enishi: ");
        Stream.of(words).forEach(word -> assertThat(err.toString()).contains(word));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTableIsAnsweredOnStdoutAndItsCoverageOnStderr() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", HOSTS)) {
            assertThat(ask(server, "hosts")).isZero();
            assertThat(server.asked()).containsExactly("/api/v1/hosts?limit=10000 Bearer enishi.viewer.abc");
        }
        assertThat(out.toString()).startsWith("HOST").contains("we\\x9bb1").hasLineCount(2);
        assertThat(err.toString()).contains("window: 2026-11-20").contains("note: Some note.\n");
        assertThat(err.toString()).endsWith("coverage: complete (0 hosts)\n");
    }

    @Test
    void jsonIsTheServersOwnButForWhatATerminalWouldObey() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", HOSTS)) {
            assertThat(ask(server, "hosts", "-o", "json")).isZero();
        }
        assertThat(out.toString().strip()).isEqualTo(HOSTS.replace("\u009B", "\\u009b"));
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"jsonl,1,'{\"client\"'", "csv,2,'client_host,'", "tuples,1,'10.0.0.11 * 10.0.0.21 8000 812 nginx'"})
    void anExportHoldsNothingButItsFormat(String format, int lines, String first) throws IOException {
        try (FakeServer server = new FakeServer(200, "application/jsonl", DEPENDENCY + TRAILER)) {
            assertThat(ask(server, "export", "-o", format)).isZero();
        }
        assertThat(out.toString()).startsWith(first).hasLineCount(lines);
        assertThat(err.toString()).contains("window: ").endsWith("coverage: complete (0 hosts)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", DEPENDENCY})
    void anExportThatBrokeOffIsNoAnswer(String body) throws IOException {
        try (FakeServer server = new FakeServer(200, "application/jsonl", body)) {
            assertThat(ask(server, "export")).isEqualTo(69);
        }
        assertThat(err.toString()).contains("broke off").hasLineCount(1);
    }

    private static final String COMPARISON = """
            {"before":{"from":"2026-11-20T10:00:00Z","to":"2026-11-20T11:00:00Z",\
            "coverage":{"verdict":"complete","hosts":[]}},\
            "after":{"from":"2026-11-20T11:00:00Z","to":"2026-11-20T12:00:00Z",\
            "coverage":{"verdict":"not_watched","hosts":[]}},\
            "items":[{"kind":"appeared","certain":true,"before":null,"after":%1$s},\
            {"kind":"vanished","certain":false,"before":%1$s,"after":null}],"more":3,"notes":["Some note."]}""".formatted(DEPENDENCY.strip());

    @Test
    void whatDiffersIsATableWithTheCoverageOfBothWindows() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", COMPARISON)) {
            assertThat(ask(server, "diff", "--from", "2026-11-20T03:00:00Z..2h"))
                    .isZero();
            assertThat(server.asked().getFirst())
                    .startsWith("/api/v1/diff?from=2026-11-20T03%3A00%3A00Z..2h&limit=10000&to=now ");
        }
        assertThat(out.toString().lines().skip(1))
                .allMatch(line -> line.contains("web1/nginx  10.0.0.21:8000  tcp"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("appeared ").contains("- → 42"),
                        line -> assertThat(line).startsWith("vanished? ").contains("42 → -"));
        assertThat(err.toString()).contains("there are 3 more", "note: Some note.", "before coverage: complete");
        assertThat(err.toString()).contains("after coverage: not watched");
    }

    @Test
    void aDifferenceIsAnExitCodeWhereThatIsAskedFor() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", COMPARISON)) {
            assertThat(ask(server, "diff", "--from", "1d", "--exit-code", "-o", "json"))
                    .isOne();
        }
        assertThat(out.toString().strip()).isEqualTo(COMPARISON);
        assertThat(run("diff")).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({"400,64", "401,77", "403,77", "404,66", "422,64", "429,69", "500,70", "503,69", "507,74"})
    void aRefusalIsTheServersSentenceAndAnExitCode(int status, int code) throws IOException {
        String problem = "{\"title\":\"t\",\"status\":1,\"detail\":\"no host 'x\u009B' has ever reported\"}";
        try (FakeServer server = new FakeServer(status, "application/problem+json", problem)) {
            assertThat(ask(server, "hosts")).isEqualTo(code);
        }
        isOneLine("enishi: no host 'x\\x9b' has ever reported");
    }

    @Test
    void anAnswerThatCannotBeReadIsSaidToBe() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", "<html>")) {
            assertThat(ask(server, "hosts")).isEqualTo(70);
        }
        isOneLine("cannot be read", "same version");
    }

    @Test
    void anotherKindOfServerIsSaidToBe() throws IOException {
        try (FakeServer server = new FakeServer(302, "text/html", "")) {
            assertThat(ask(server, "hosts")).isEqualTo(70);
        }
        isOneLine("status 302", "Enishi's server?");
    }

    @Test
    void aBackupIsAFileOfItsOwnerWithTheBytesTheServerSent() throws IOException {
        Path file = home.resolve("backup");
        try (FakeServer server = new FakeServer(200, "application/octet-stream", "bytes")) {
            assertThat(ask(server, "server", "backup", file.toString())).isZero();
            assertThat(server.asked()).containsExactly("/api/v1/backup Bearer enishi.viewer.abc");
            assertThat(file).hasContent("bytes");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(out.toString()).isEqualTo(file + ": 5 bytes\n");
            out.getBuffer().setLength(0);
            assertThat(ask(server, "server", "backup", file.toString())).isEqualTo(64);
            assertThat(server.asked()).hasSize(1);
        }
        isOneLine(file + " exists");
        assertThat(home.toFile().list()).containsExactlyInAnyOrder("viewer.token", "backup");
    }

    @Test
    void aBackupThatBrokeOffLeavesNothing() throws IOException {
        Path file = home.resolve("backup");
        try (FakeServer server = new FakeServer(200, "application/octet-stream", "bytes", 10)) {
            assertThat(ask(server, "server", "backup", file.toString())).isEqualTo(69);
        }
        isOneLine();
        assertThat(home.toFile().list()).containsExactly("viewer.token");
    }

    @Test
    void aBackupThatCannotBeWrittenSaysWhere() throws IOException {
        Path file = home.resolve("nowhere/backup");
        try (FakeServer server = new FakeServer(200, "application/octet-stream", "bytes")) {
            assertThat(ask(server, "server", "backup", file.toString())).isEqualTo(74);
            assertThat(server.asked()).isEmpty();
        }
        isOneLine("writing " + file + ".part failed");
    }

    @Test
    void anOptionBeforeBackupIsNotLost() {
        assertThat(run("server", "--home", home.toString(), "backup", "x")).isEqualTo(64);
        isOneLine("'--home' stands before backup");
    }

    @Test
    void selfIsTheHostOfThisStateFolder() throws IOException {
        Files.writeString(home.resolve("host-id"), "0123456789abcdef0123456789abcdef\n");
        try (FakeServer server = new FakeServer(404, "application/problem+json", "{\"detail\":\"d\"}")) {
            ask(
                    server,
                    "deps",
                    "self/nginx",
                    "--at",
                    "2026-11-20T03:00:00Z",
                    "--by",
                    "service",
                    "--attempts",
                    "--depth",
                    "3");
            assertThat(server.asked().getFirst())
                    .startsWith(
                            "/api/v1/dependencies?at=2026-11-20T03%3A00%3A00Z&attempts=true&by=service&depth=3&limit=10000"
                                    + "&node=0123456789abcdef0123456789abcdef%2Fnginx ");
        }
    }

    @Test
    void selfIsUnknownWhereNoAgentRan() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", HOSTS)) {
            assertThat(ask(server, "dependencies")).isEqualTo(66);
            assertThat(server.asked()).isEmpty();
        }
        isOneLine("'self' is unknown", home.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts --sinse 1h",
                "frobnicate",
                "hosts --since yesterday",
                "hosts --until 2026-13-45",
                "hosts -o xml",
                "export -o table",
                "dependencies a b",
                "completion fish",
                "hosts --server ftp://x",
                "hosts --server not\u001Ba"
            })
    void wrongUsageIsOneLineAnd64(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(64);
        isOneLine();
        assertThat(err.toString()).doesNotContain("\u001B");
    }

    @Test
    void noServerIsUnavailableAndSaysHowToStartOne() {
        assertThat(run("hosts", "--home", home.toString())).isEqualTo(69);
        isOneLine("no server runs on the state folder " + home, "enishi up");
    }

    @Test
    void aServerThatDoesNotListenIsUnavailable() throws IOException {
        FakeServer gone = new FakeServer(200, "text/plain", "");
        gone.close();
        assertThat(ask(gone, "hosts")).isEqualTo(69);
        isOneLine("does not answer", "Connection refused");
    }

    @Test
    void aMissingTokenIsNotAllowedAndAnEmptyOneIsAWrongConfiguration() throws IOException {
        try (FakeServer server = new FakeServer(200, "application/json", HOSTS)) {
            assertThat(ask(server, "hosts", "--token-file", home.resolve("none").toString()))
                    .isEqualTo(77);
            isOneLine("there is no token at");
            err.getBuffer().setLength(0);
            Path empty = Files.writeString(home.resolve("empty"), "# nothing\n");
            assertThat(ask(server, "hosts", "--token-file", empty.toString())).isEqualTo(78);
            isOneLine("there is no token in");
            err.getBuffer().setLength(0);
            assertThat(ask(server, "hosts", "--tls-ca", home.resolve("none").toString()))
                    .as("certificates are read only for https")
                    .isZero();
        }
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        String token = home.resolve("viewer.token").toString();
        assertThat(run("hosts", "--server", "https://127.0.0.1:1", "--token-file", token, "--tls-ca", token))
                .isEqualTo(78);
        isOneLine("certificates in " + token);
    }

    @Test
    void anAgentThatDoesNotRunIsUnavailable() throws IOException {
        assertThat(run("agent", "status", "--home", home.toString())).isEqualTo(69);
        isOneLine("no agent runs on the state folder " + home);
        err.getBuffer().setLength(0);
        status(AgentStatus.newBuilder().setPid(Integer.MAX_VALUE).build().toByteArray());
        assertThat(run("agent", "status", "--home", home.toString())).isEqualTo(69);
        isOneLine("is gone without having said so");
        err.getBuffer().setLength(0);
        int pid = (int) ProcessHandle.current().pid();
        status(AgentStatus.newBuilder()
                .setPid(pid)
                .setStartedAtMillis(1)
                .build()
                .toByteArray());
        assertThat(run("agent", "status", "--home", home.toString()))
                .as("another process has its pid now")
                .isEqualTo(69);
        err.getBuffer().setLength(0);
        status(new byte[] {-1, -1, -1});
        assertThat(run("agent", "status", "--home", home.toString())).isEqualTo(74);
        isOneLine("no agent's account of itself");
    }

    @Test
    void aRunningAgentTellsHowItIs() throws IOException {
        status(AgentStatus.newBuilder()
                .setPid((int) ProcessHandle.current().pid())
                .setStartedAtMillis(System.currentTimeMillis())
                .build()
                .toByteArray());
        assertThat(run("agent", "status", "--home", home.toString())).isZero();
        assertThat(out.toString()).startsWith("host ").contains("\nspool ");
    }

    private void status(byte[] bytes) throws IOException {
        Files.write(home.resolve("agent.status"), bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "up",
                "server",
                "server backup",
                "agent",
                "agent status",
                "deps",
                "diff",
                "export",
                "completion"
            })
    void helpFitsEightyColumnsWithoutColours(String command) {
        assertThat(run((command + " --help").strip().split(" ", -1))).isZero();
        assertThat(out.toString()).contains("Usage: enishi").doesNotContain("\u001B");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(err.toString()).isEmpty();
    }
}
