package enishi.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.report.FakeServer.Answer;
import enishi.agent.spool.Contents;
import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolLimits;
import enishi.agent.spool.SpoolRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SenderTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(77));
    private static final Contents CONTENTS = new ReportContents(new Gaps());

    @TempDir
    Path folder;

    private final ManualPause pause = new ManualPause();
    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(folder.resolve("spool"), new SpoolLimits(1 << 20), CONTENTS);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private static HttpPost to(URI server) {
        return new HttpPost(() -> server, () -> "a.token", Optional.empty());
    }

    private List<String> append(int count) throws IOException {
        List<String> reports =
                IntStream.range(0, count).mapToObj(each -> "report " + each).toList();
        for (String each : reports) {
            spool.append(each.getBytes(StandardCharsets.UTF_8));
        }
        return reports;
    }

    /** What the sender's thread does, on ours, until nothing waits. */
    private Sender drain(Post post) {
        Sender sender = new Sender(spool, post, CLOCK, pause);
        Optional<SpoolRecord> next = spool.peek();
        while (next.isPresent()) {
            long waitMillis = sender.attempt(next.get());
            if (waitMillis > 0) {
                pause.untilOver(waitMillis);
            }
            next = spool.peek();
        }
        return sender;
    }

    @Test
    void postsWithTokenTypeAndCompression() throws IOException {
        append(1);
        try (FakeServer server = new FakeServer(0, request -> Answer.of(204))) {
            Sender sender = drain(to(server.uri()));
            assertThat(server.requests).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.path()).isEqualTo("/api/v1/reports");
                assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer a.token");
                assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
                assertThat(request.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
                assertThat(request.body()).isEqualTo("report 0");
            });
            assertThat(sender.state()).isEqualTo(new SenderState(77, ""));
        }
    }

    @Test
    void aServerThatComesLaterGetsEverythingInOrderAndOnce() throws IOException {
        List<String> reports = append(50);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<FakeServer> started = new ArrayList<>();
        pause.during(4, () -> started.add(new FakeServer(port, request -> Answer.of(200))));
        Sender sender = drain(to(URI.create("http://127.0.0.1:" + port)));
        assertThat(started).singleElement().satisfies(server -> {
            assertThat(server.bodies()).isEqualTo(reports);
            server.close();
        });
        assertThat(pause.pauses).hasSize(4).isSorted();
        assertThat(sender.state().lastError()).isEmpty();
        assertThat(spool.counters().acknowledged()).isEqualTo(50);
    }

    @Test
    void anAcknowledgementThatIsLostMakesTheSameReportComeAgain() throws IOException {
        append(2);
        List<Integer> codes = new ArrayList<>(List.of(500, 200, 200));
        try (FakeServer server = new FakeServer(0, request -> Answer.of(codes.removeFirst()))) {
            drain(to(server.uri()));
            assertThat(server.bodies()).containsExactly("report 0", "report 0", "report 1");
        }
    }

    @Test
    void waitsAsLongAsTheServerAsks() throws IOException {
        append(1);
        List<Answer> answers = new ArrayList<>(List.of(
                new Answer(429, Map.of("Retry-After", "7"), "slow down"),
                new Answer(503, Map.of("Retry-After", "100000"), ""),
                new Answer(503, Map.of("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"), ""),
                Answer.of(200)));
        try (FakeServer server = new FakeServer(0, request -> answers.removeFirst())) {
            drain(to(server.uri()));
        }
        assertThat(pause.pauses).hasSize(3);
        assertThat(pause.pauses.get(0)).isBetween(7_000L, 7_700L);
        assertThat(pause.pauses.get(1)).isBetween(300_000L, 330_000L);
        assertThat(pause.pauses.get(2)).isBetween(Backoff.LEAST_MILLIS, 2 * Backoff.LEAST_MILLIS);
    }

    @Test
    void aRefusedReportIsSetAsideAndTheNextPasses() throws IOException {
        append(3);
        try (FakeServer server =
                new FakeServer(0, request -> request.body().equals("report 1") ? Answer.of(422) : Answer.of(200))) {
            Sender sender = drain(to(server.uri()));
            assertThat(server.bodies()).containsExactly("report 0", "report 1", "report 2");
            assertThat(sender.state().lastError()).isEmpty();
        }
        assertThat(pause.pauses).isEmpty();
        assertThat(spool.counters().dropped()).isEqualTo(1);
        assertThat(folder.resolve("spool/0000000000000002.refused")).hasContent("report 1");
    }

    @Test
    void aTokenThatIsNotAllowedKeepsTheReportUntilTheFileIsMended() throws IOException {
        append(1);
        Path token = folder.resolve("token");
        Files.writeString(token, "old");
        List<String> errors = new ArrayList<>();
        try (FakeServer server = new FakeServer(
                0,
                request -> request.headers().getFirst("Authorization").equals("Bearer new")
                        ? Answer.of(200)
                        : new Answer(403, Map.of(), "this token is\n\u001b[31mrevoked"))) {
            HttpPost post = new HttpPost(server::uri, () -> Files.readString(token), Optional.empty());
            Sender sender = new Sender(spool, post, CLOCK, pause);
            SpoolRecord record = spool.peek().orElseThrow();
            assertThat(sender.attempt(record)).isPositive();
            errors.add(sender.state().lastError());
            assertThat(spool.counters().waiting()).isEqualTo(1);
            Files.delete(token);
            assertThat(sender.attempt(record)).isPositive();
            errors.add(sender.state().lastError());
            Files.writeString(token, "new");
            assertThat(sender.attempt(record)).isZero();
        }
        assertThat(errors.get(0)).contains("token", "403", "revoked").doesNotContain("\u001b", "\n");
        assertThat(errors.get(1)).contains("token cannot be read");
        assertThat(spool.counters().acknowledged()).isEqualTo(1);
    }

    @Test
    void itsThreadSendsWhatIsAppendedLaterAndEndsWhenToldTo() throws IOException, InterruptedException {
        try (FakeServer server = new FakeServer(0, request -> Answer.of(200))) {
            Sender sender = new Sender(spool, to(server.uri()), CLOCK);
            sender.start();
            List<String> reports = append(20);
            sender.finish(10_000);
            sender.close();
            assertThat(server.bodies()).isEqualTo(reports);
        }
    }

    @Test
    void stopsInTimeThoughTheServerIsAwayAndKeepsWhatWaits() throws IOException, InterruptedException {
        append(3);
        Sender sender = new Sender(spool, report -> new Delivery.Unreachable("away"), CLOCK);
        sender.start();
        sender.finish(10_000);
        assertThat(spool.counters().waiting()).isEqualTo(3);
        sender.close();
    }

    @Test
    void backsOffFromASecondToFiveMinutesAndNeverMore() {
        Backoff backoff = new Backoff(new java.util.Random(1));
        long limit = Backoff.LEAST_MILLIS;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.nextMillis()).isBetween(Math.max(Backoff.LEAST_MILLIS, limit / 2), limit);
            limit = Math.min(Backoff.MOST_MILLIS, limit * 2);
        }
        assertThat(limit).isEqualTo(Backoff.MOST_MILLIS);
    }

    /** Not after the five minutes for which the first had asked. */
    @Test
    void aServerElsewhereIsFoundWithoutWaiting() throws Exception {
        List<String> reports = append(2);
        try (FakeServer busy = new FakeServer(0, request -> new Answer(503, Map.of("Retry-After", "300"), ""));
                FakeServer other = new FakeServer(0, request -> Answer.of(204))) {
            AtomicReference<URI> now = new AtomicReference<>(busy.uri());
            HttpPost post = new HttpPost(now::get, () -> "a.token", Optional.empty());
            try (Sender sender = new Sender(spool, post, CLOCK)) {
                sender.start();
                await(() -> !sender.state().lastError().isEmpty());
                now.set(other.uri());
                await(() -> spool.counters().acknowledged() == reports.size());
                assertThat(other.bodies()).isEqualTo(reports);
                assertThat(busy.requests).hasSize(1);
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
