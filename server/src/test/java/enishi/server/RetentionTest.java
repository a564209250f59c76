package enishi.server;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Coverage;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.server.store.FlowFilter;
import enishi.server.store.Kept;
import enishi.server.store.Reports;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server keeps minute rows for two days, goes on answering beyond that, and says how exactly. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class RetentionTest {
    private static final int DAYS = 400;
    private static final Instant NOW = Instant.ofEpochSecond((MINUTE + DAYS * 1_440L) * 60);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path folder;

    private DuckDbStore store;

    @AutoClose
    private LocalServer server;

    @BeforeEach
    void start() throws Exception {
        store = DuckDbStore.open(
                DuckDbSettings.of(folder.resolve("enishi.duckdb")).withMemory(128));
        store.append(List.of(
                Reports.report(1, 5, 1, flow(1, 1), observation(3, 2)),
                Reports.report(2, 5, 1, flow(2, 2), observation(DAYS * 1_440 - 60, 1))));
        server = new LocalServer(folder, store, Clock.fixed(NOW, ZoneOffset.UTC));
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (store.kept().equals(Kept.ALL)) {
            assertThat(System.nanoTime()).as("rolled up in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private List<String> answer(Instant minute) throws Exception {
        HttpResponse<String> response = server.get("/api/v1/export?at=" + minute);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().lines().toList();
    }

    @Test
    void whatWasThereForAMinuteLongAgoIsFoundAtItsMinuteAndTheAnswerSaysWhatItsSumsAre() throws Exception {
        Instant minute = Instant.ofEpochSecond((MINUTE + 3) * 60);
        assertThat(answer(minute)).hasSize(2).first().asString().contains("\"program\":\"p1\"");
        assertThat(answer(minute).getLast())
                .contains("\"precision\":\"sums_to_the_hour\"")
                .contains("exact to the minute")
                .contains("those of the whole hours");
        assertThat(answer(minute.plusSeconds(60))).as("the minute after").hasSize(1);
        assertThat(answer(NOW.minusSeconds(60)).getLast())
                .contains("\"precision\":\"exact\"")
                .doesNotContain("exact to the minute");
    }

    @Test
    void whatComesLaterThanMinuteRowsAreKeptIsRefusedAndSaysWhy() throws Exception {
        HttpResponse<String> late = server.post(about(DAYS * 1_440 - 48 * 60));
        assertThat(late.statusCode()).isEqualTo(422);
        assertThat(late.body()).contains("--keep-minutes-hours");
        assertThat(server.post(about(DAYS * 1_440 - 46 * 60)).statusCode()).isEqualTo(204);
        assertThat(store.flows(window(DAYS * 1_440 - 49 * 60, DAYS * 1_440 - 60), FlowFilter.ALL))
                .hasSize(1);
    }

    /** A time may not be told as watched whose minutes are not taken any more. */
    @Test
    void coverageThatComesSoLateIsRefusedLikeWhatWasSeen() throws Exception {
        HttpResponse<String> late = server.post(watched(DAYS * 1_440 - 48 * 60));
        assertThat(late.statusCode()).isEqualTo(422);
        assertThat(late.body()).contains("--keep-minutes-hours");
        assertThat(server.post(watched(DAYS * 1_440 - 46 * 60)).statusCode()).isEqualTo(204);
        assertThat(store.coverage(window(0, DAYS * 1_440))).hasSize(1);
    }

    private static Report watched(int minute) {
        Coverage coverage = new Coverage(MINUTE + minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 0, 0, 0, 0, 0, 0);
        return new Report(Reports.host(1), 6, 1, NOW.toEpochMilli(), List.of(), List.of(), List.of(coverage));
    }

    private static Report about(int minute) {
        Report of = Reports.report(1, 6, 1, flow(1, 1), observation(minute, 1)).report();
        return new Report(of.host(), 6, 1, NOW.toEpochMilli(), of.flows(), List.of(), List.of());
    }
}
