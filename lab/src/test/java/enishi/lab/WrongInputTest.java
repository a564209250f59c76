package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.lab.Requests.Said;
import enishi.model.HostId;
import enishi.model.Report;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What must not be taken, sent to a running server: each is refused in one sentence and harms nothing stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class WrongInputTest {
    private static final HostId HOST = new HostId(1, 2);
    private static final String REPORTS = "/api/v1/reports";
    private static final int MIB = 1 << 20;

    @TempDir
    static Path home;

    private final long minuteNow = Instant.now().getEpochSecond() / 60;
    private Part server;
    private Requests requests;
    private String agent;
    private String viewer;
    private String before;

    @BeforeAll
    void start() throws Exception {
        server = Part.server(home);
        requests = new Requests(home);
        server.await("an answer", requests::isAnswering);
        agent = requests.token(new Identity.Agent(HOST));
        viewer = requests.token(new Identity.Viewer());
        assertThat(requests.post(ReportCodec.encode(report(HOST, "appd", minuteNow - 5)), agent)
                        .status())
                .isEqualTo(204);
        before = everything();
        assertThat(before).contains("appd", "10.78.0.1");
    }

    @AfterAll
    void stop() throws Exception {
        requests.close();
        server.close();
    }

    @AfterEach
    void theSameAnswersAsBefore() throws Exception {
        assertThat(server.isAlive()).isTrue();
        assertThat(everything().equals(before)).as("answers as before").isTrue();
    }

    /** Every dependency and attempt of the hours around now and of before 2020, and who reported when. */
    private String everything() throws Exception {
        Instant now = Instant.ofEpochSecond(minuteNow * 60);
        String window = "?since=" + now.minusSeconds(3_600) + "&until=" + now.plusSeconds(2 * 3_600);
        return dependencies("/api/v1/export" + window)
                + dependencies("/api/v1/export" + window + "&attempts=true")
                + requests.ask("/api/v1/export?at=2019-12-31T23:59:00Z")
                + requests.ask("/api/v1/hosts?at=2019-12-31T23:59:00Z");
    }

    /** Without the last line: how complete a window around now is changes with every second. */
    private String dependencies(String path) throws Exception {
        List<String> lines = requests.ask(path).lines().toList();
        return String.join("\n", lines.subList(0, lines.size() - 1));
    }

    private Report report(HostId host, String program, long minute) {
        return SampleReport.of(host, program, minute, minuteNow * 60_000);
    }

    private static void isRefused(Said said, int... statuses) {
        assertThat(statuses).as(said.toString()).contains(said.status());
        assertThat(said.type()).as(said.toString()).startsWith("application/problem+json");
        assertThat(said.body()).contains("\"status\":" + said.status()).contains("\"detail\":\"");
        assertThat(said.body()).doesNotContain("Exception", "\\n\\tat", "java.");
    }

    private Said post(byte[] body, String token, String... headers) throws Exception {
        HttpRequest.Builder request = requests.to(REPORTS, token).POST(BodyPublishers.ofByteArray(body));
        // without waiting for leave to send, a refusal may meet a client that is still writing, and be lost
        request.expectContinue(body.length > MIB);
        return requests.send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    @Test
    void bytesThatAreNoReport() throws Exception {
        Random random = new Random(5);
        for (int length : new int[] {0, 1, 2, 7, 100, 10_000, MIB}) {
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);
            isRefused(post(garbage, agent), 400);
            isRefused(post(garbage, agent, "Content-Encoding", "gzip"), 400);
        }
        isRefused(
                post("{\"host\":1}".getBytes(StandardCharsets.UTF_8), agent, "Content-Type", "application/json"), 400);
    }

    @Test
    void aReportCutShort() throws Exception {
        byte[] whole = ReportCodec.encode(report(HOST, "cut", minuteNow + 600));
        byte[] packed = Requests.gzip(whole);
        for (int length = 1; length < whole.length; length += 3) {
            byte[] part = Arrays.copyOf(whole, length);
            isRefused(post(part, agent), isReport(part) ? 422 : 400); // whole up to there, but of a minute too far
        }
        for (int length = 1; length < packed.length; length += 5) {
            isRefused(post(Arrays.copyOf(packed, length), agent, "Content-Encoding", "gzip"), 400);
        }
    }

    private static boolean isReport(byte[] bytes) {
        try {
            return ReportCodec.decode(bytes).host().id().equals(HOST);
        } catch (MalformedReportException e) {
            return false;
        }
    }

    @Test
    void aBodyThatIsTooLarge() throws Exception {
        isRefused(post(new byte[5 * MIB], agent), 413);
        isRefused(post(new byte[5 * MIB], agent, "Content-Encoding", "gzip"), 413);
        byte[] small = Requests.gzip(new byte[40 * MIB]);
        assertThat(small.length).isLessThan(MIB);
        isRefused(post(small, agent, "Content-Encoding", "gzip"), 413);
    }

    @Test
    void anEncodingNobodyKnows() throws Exception {
        byte[] report = ReportCodec.encode(report(HOST, "encoded", minuteNow));
        isRefused(post(report, agent, "Content-Encoding", "br"), 415);
        isRefused(post(report, agent, "Content-Encoding", "gzip, gzip"), 415);
    }

    @Test
    void aTokenThatThisServerDidNotMake() throws Exception {
        byte[] report = ReportCodec.encode(report(HOST, "forged", minuteNow));
        String last = agent.endsWith("0") ? "1" : "0";
        for (String forged : List.of(
                agent.substring(0, agent.length() - 1) + last,
                agent.replace("enishi.agent.0", "enishi.agent.1"),
                agent.substring(0, agent.lastIndexOf('.') + 1),
                Secret.random().token(new Identity.Agent(HOST)),
                "enishi.viewer." + agent.substring(agent.lastIndexOf('.') + 1),
                "x",
                ".")) {
            isRefused(requests.post(report, forged), 401);
            isRefused(requests.send(requests.to("/api/v1/hosts", forged).build()), 401);
            isRefused(requests.send(requests.to("/metrics", forged).build()), 401);
        }
        isRefused(
                requests.send(
                        HttpRequest.newBuilder(requests.uri("/api/v1/hosts")).build()),
                401);
        isRefused(requests.send(HttpRequest.newBuilder(requests.uri("/")).build()), 401);
        isRefused(requests.send(HttpRequest.newBuilder(requests.uri("/?key=00")).build()), 401);
    }

    @Test
    void aTokenThatMayDoSomethingElse() throws Exception {
        byte[] report = ReportCodec.encode(report(HOST, "other", minuteNow));
        isRefused(requests.post(report, viewer), 403);
        isRefused(requests.post(report, requests.token(new Identity.Agent(new HostId(1, 3)))), 403);
        isRefused(requests.send(requests.to("/api/v1/export", agent).build()), 403);
        isRefused(requests.send(requests.to("/metrics", agent).build()), 403);
        isRefused(
                requests.send(requests.to("/api/v1/dependencies?node=10.78.0.1", agent)
                        .build()),
                403);
    }

    @Test
    void aReportBeyondTheBounds() throws Exception {
        isRefused(requests.post(ReportCodec.encode(report(HOST, "old", 26_297_279)), agent), 422);
        isRefused(requests.post(ReportCodec.encode(report(HOST, "ahead", minuteNow + 70)), agent), 422);
        isRefused(requests.post(ReportCodec.encode(report(HOST, "far", 1L << 40)), agent), 422);
        isRefused(requests.post(ReportCodec.encode(SampleReport.of(HOST, "sent", minuteNow, 0)), agent), 422);
        isRefused(requests.post(ReportCodec.encode(report(HOST, "x".repeat(600), minuteNow)), agent), 422);
    }

    @Test
    void aQuestionNobodyUnderstands() throws Exception {
        for (String path : List.of(
                "hosts?sinc=1h",
                "hosts?since=yesterdayish",
                "hosts?since=2026-13-01",
                "hosts?until=99999999d",
                "hosts?since=1h&until=2h",
                "hosts?at=1h&since=2h",
                "hosts?limit=0",
                "hosts?limit=99999999999",
                "hosts?cursor=-1",
                "hosts?since=",
                "dependencies",
                "dependencies?node=",
                "dependencies?node=web1&by=planet",
                "dependencies?node=web1&attempts=perhaps")) {
            Said said = requests.send(requests.to("/api/v1/" + path, viewer).build());
            isRefused(said, 400);
        }
        isRefused(
                requests.send(
                        requests.to("/api/v1/dependencies?node=nobody", viewer).build()),
                404);
        assertThat(requests.send(requests.to("/api/v1/hosts?sinc=1h", viewer).build())
                        .body())
                .contains("since");
    }

    @Test
    void aPlaceOrMethodThatIsNot() throws Exception {
        for (String path :
                List.of("/api/v1/nothing", "/api/v2/hosts", "/../../etc/passwd", "/%2e%2e/secret", "/a%00b")) {
            isRefused(requests.send(requests.to(path, viewer).build()), 400, 404);
        }
        for (String method : List.of("DELETE", "PUT", "PATCH", "OPTIONS", "FROBNICATE")) {
            for (String path : List.of(REPORTS, "/api/v1/hosts")) {
                isRefused(
                        requests.send(requests.to(path, viewer)
                                .method(method, BodyPublishers.noBody())
                                .build()),
                        405);
            }
        }
        isRefused(requests.send(requests.to(REPORTS, viewer).build()), 405);
        isRefused(
                requests.send(requests.to("/api/v1/hosts", viewer)
                        .POST(BodyPublishers.noBody())
                        .build()),
                405);
    }

    @Test
    void aCommandThatCannotBeRun() throws Exception {
        Enishi enishi = new Enishi(home);
        enishi.run("dependencies", "nobody").isOneLine(66);
        enishi.run("dependencies", "web1", "--since", "yesterdayish").isOneLine(64);
        enishi.run("hosts", "--server", "http://127.0.0.1:1").isOneLine(69);
        Path other = home.resolve("other.token");
        Files.writeString(other, Secret.random().token(new Identity.Viewer()));
        enishi.run("hosts", "--token-file", other.toString()).isOneLine(77);
    }

    @Test
    void aKeyOfTheConfigurationThatIsUnknownIsToldWithTheNearest() throws Exception {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Enishi enishi = new Enishi(elsewhere);
        Files.writeString(elsewhere.resolve("enishi.yaml"), "server:\n  lisen: 127.0.0.1:0\n");
        Enishi.Ended server = enishi.run("server");
        server.isOneLine(78);
        assertThat(server.err()).contains("'lisen'", "'listen'");
        Files.writeString(elsewhere.resolve("enishi.yaml"), "agent:\n  spool-mb: 8\n");
        Enishi.Ended agent = enishi.run("agent");
        agent.isOneLine(78);
        assertThat(agent.err()).contains("'spool-mb'", "'spool-mib'");
    }
}
