package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Precision;
import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.ListenerSpan;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.HostCoverage;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Kept;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coverage and listeners, rolled up or not: the answers are the same, and take little room. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() first
final class CoverageTiersTest {
    /** The first minute of a day, as the tests' minute 0 is none. */
    private static final int DAWN = (int) (Math.ceilDiv(MINUTE, 1_440L) * 1_440L - MINUTE);

    private static final int DAY = 1_440;
    private static final Retention ALL = new Retention(1_000_000, Long.MAX_VALUE);

    @TempDir
    private Path folder = Path.of("");

    private DuckDbStore store;

    @BeforeEach
    void open() {
        store = DuckDbStore.open(new DuckDbSettings(
                folder.resolve("enishi.duckdb"),
                256,
                2,
                1 << 20,
                0,
                () -> 1L << 30,
                Duration.ofSeconds(30),
                2,
                0,
                1 << 20));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() {
        store.close();
        open();
    }

    private long count(String table) {
        store.close();
        long rows = StoreRows.count(folder.resolve("enishi.duckdb"), table);
        open();
        return rows;
    }

    private long tables(String prefix) {
        store.close();
        long tables = StoreRows.tables(folder.resolve("enishi.duckdb"), prefix);
        open();
        return tables;
    }

    private static Instant at(int minute) {
        return Instant.ofEpochSecond((MINUTE + minute) * 60);
    }

    /** Reports in any order, repeated and late, rolled up at any time: every window is answered as if it never was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rollingUpChangesNoAnswer(long seed) {
        Random random = new Random(seed);
        List<Received> reports = new ArrayList<>();
        try (InMemoryStore plain = new InMemoryStore()) {
            for (int round = 1; round <= 6; round++) {
                List<Received> batch = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    batch.add(random(random, round * 100 + i));
                }
                reports.addAll(batch);
                batch.addAll(reports.subList(0, random.nextInt(reports.size())));
                plain.append(batch);
                store.append(batch);
                if (random.nextInt(3) > 0) {
                    store.rollUp(ALL, at(DAWN + random.nextInt(4 * DAY)));
                }
                if (random.nextInt(4) == 0) {
                    reopen();
                }
                for (int i = 0; i < 3; i++) {
                    assertSame(plain, anyWindow(random));
                }
                assertThat(store.kept()).isEqualTo(Kept.ALL);
            }
            store.rollUp(ALL, at(DAWN + 10 * DAY));
            assertSame(plain, anyWindow(random));
            assertSame(plain, window(DAWN, DAWN + DAY));
            assertSame(plain, window(DAWN + DAY, DAWN + 3 * DAY));
            dropped(plain, random);
        }
    }

    /** Without minute rows whole hours are answered the same; of others every minute's seconds and rung are. */
    private void dropped(InMemoryStore plain, Random random) {
        store.append(List.of(Reports.coverage(7, 5, 1, minute(10 * DAY, 1))));
        plain.append(List.of(Reports.coverage(7, 5, 1, minute(10 * DAY, 1))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 10 * DAY));
        assertThat(tables("coverage_")).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            int from = DAWN + DAY + (random.nextInt(30) - 5) * 60;
            assertSame(plain, window(from, from + 60 + random.nextInt(30) * 60));
            Window any = anyWindow(random);
            assertThat(watched(store.coverage(any))).isEqualTo(watched(plain.coverage(any)));
            assertThat(lost(store.coverage(any))).isGreaterThanOrEqualTo(lost(plain.coverage(any)));
        }
    }

    private static long lost(List<HostCoverage> runs) {
        return runs.stream().mapToLong(each -> each.coverage().lost()).sum();
    }

    private record HostMinute(HostId host, long minute) {}

    /** Rung and seconds of every minute; of none more than once. */
    private static Map<HostMinute, String> watched(List<HostCoverage> runs) {
        Map<HostMinute, String> minutes = new HashMap<>();
        for (HostCoverage run : runs) {
            for (long i = 0; i < run.minutes(); i++) {
                Coverage of = run.coverage();
                String old = minutes.put(
                        new HostMinute(run.host(), of.minute() + i), of.rung().label() + of.watchedSeconds());
                assertThat(old).isNull();
            }
        }
        return minutes;
    }

    private static Window anyWindow(Random random) {
        int from = DAWN + (random.nextInt(3) == 0 ? 2 * DAY : DAY) - 200 + random.nextInt(400);
        return window(from, from + 1 + random.nextInt(random.nextBoolean() ? 100 : 2 * DAY));
    }

    private void assertSame(InMemoryStore plain, Window window) {
        FlowFilter some = new FlowFilter(Set.of(Reports.host(1).id()), Set.of());
        for (int minute = 0; minute < 6; minute += 2) {
            Window seen = window(minute, minute + 1);
            for (FlowFilter filter : List.of(FlowFilter.ALL, some)) {
                assertThat(store.listeners(seen, filter))
                        .containsExactlyInAnyOrderElementsOf(plain.listeners(seen, filter));
            }
        }
        assertThat(store.coverage(window)).containsExactlyInAnyOrderElementsOf(plain.coverage(window));
    }

    /** Few listeners, and minutes of coverage that are alike for a while, over hours and days. */
    private static Received random(Random random, long sequence) {
        Report of = Reports.random(random, sequence).report();
        int from = (random.nextInt(3) == 0 ? 2 * DAY : DAY) - 130 + random.nextInt(160);
        List<Coverage> minutes = new ArrayList<>();
        Rung rung = random.nextInt(4) == 0 ? Rung.PROC : Rung.EBPF;
        long seconds = random.nextInt(4) == 0 ? 0b111 << random.nextInt(2) : Coverage.WHOLE_MINUTE;
        for (int minute = from; minute < from + 1 + random.nextInt(200); minute++) {
            Coverage plain = minute(minute, random.nextInt(9));
            minutes.add(new Coverage(plain.minute(), rung, seconds, plain.seen(), 1, 2, 3, random.nextInt(9), 4));
        }
        long sent = 1_000L + random.nextInt(1_000);
        return new Received(
                new Report(of.host(), of.incarnation(), sequence, sent, List.of(), of.listeners(), minutes),
                10 + sequence);
    }

    private static Coverage minute(int minute, long lost) {
        return new Coverage(MINUTE + DAWN + minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 1, lost, 0, 0, 0, 0);
    }

    /** Three days of two hosts, each minute told three times. */
    @Test
    void aDayWatchedWithoutABreakIsOneRow() {
        for (int sequence = 1; sequence <= 3; sequence++) {
            for (int host = 1; host <= 2; host++) {
                Coverage[] minutes = new Coverage[3 * DAY];
                for (int minute = 0; minute < minutes.length; minute++) {
                    minutes[minute] = minute(minute, 2);
                }
                store.append(List.of(Reports.coverage(host, 5, sequence, minutes)));
            }
        }
        store.append(List.of(Reports.coverage(1, 5, 4, minute(10 * DAY, 0))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 10 * DAY));
        assertThat(count("days_watched")).isEqualTo(2 * 3);
        assertThat(count("hours_watched")).isEqualTo(2 * 3 * 24);
        assertThat(tables("coverage_")).isEqualTo(1);
        assertThat(store.coverage(window(DAWN, DAWN + 3 * DAY)))
                .extracting(HostCoverage::minutes)
                .containsExactly(3L * DAY, 3L * DAY);
        assertThat(lost(store.coverage(window(DAWN, DAWN + 3 * DAY)))).isEqualTo(2 * 2 * 3 * DAY);
    }

    /** The only minute in which anything was lost is told of its hour once minute rows are gone, and of no other. */
    @Test
    void countsOfAnHourThatIsCutAreThoseOfItsMinutesAsLongAsTheseAreKept() {
        Coverage[] minutes = new Coverage[180];
        for (int minute = 0; minute < minutes.length; minute++) {
            minutes[minute] = minute(minute, minute == 70 ? 5 : 0);
        }
        store.append(List.of(Reports.coverage(1, 5, 1, minutes)));
        store.rollUp(Retention.DEFAULT, at(DAWN + DAY));
        Window before = window(DAWN + 60, DAWN + 70);
        assertThat(lost(store.coverage(before))).isZero();
        assertThat(store.kept().precision(before)).isEqualTo(Precision.EXACT);
        store.append(List.of(Reports.coverage(1, 5, 2, minute(5 * DAY, 0))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 5 * DAY));
        assertThat(lost(store.coverage(before))).isEqualTo(5);
        assertThat(store.kept().precision(before)).isEqualTo(Precision.SUMS_TO_THE_HOUR);
        assertThat(store.coverage(before)).extracting(HostCoverage::minutes).containsExactly(10L);
        assertThat(lost(store.coverage(window(DAWN + 10, DAWN + 60)))).isZero();
        assertThat(lost(store.coverage(window(DAWN + 60, DAWN + 120)))).isEqualTo(5);
        assertThat(lost(store.coverage(window(DAWN + 121, DAWN + 180)))).isZero();
    }

    /** It may neither be counted twice nor claim a time of which what was seen is not taken any more. */
    @Test
    void coverageThatComesAfterItsMinuteRowsWereDroppedIsLeftOutAndCounted() {
        store.append(List.of(Reports.coverage(1, 5, 1, minute(0, 1)), Reports.coverage(1, 5, 2, minute(5 * DAY, 1))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 5 * DAY));
        List<HostCoverage> before = store.coverage(window(DAWN, DAWN + 60));
        assertThat(before).hasSize(1);
        Received late = Reports.coverage(1, 5, 3, minute(1, 1), minute(5 * DAY, 9));
        store.append(List.of(late, Reports.coverage(1, 5, 1, minute(0, 1))));
        assertThat(store.tooLate()).isEqualTo(2);
        reopen();
        store.append(List.of(late));
        assertThat(store.tooLate()).isEqualTo(1);
        store.rollUp(Retention.DEFAULT, at(DAWN + 6 * DAY));
        assertThat(store.coverage(window(DAWN, DAWN + 60))).isEqualTo(before);
        assertThat(lost(store.coverage(window(DAWN + 5 * DAY, DAWN + 6 * DAY)))).isEqualTo(9);
    }

    @Test
    void aListenerAndIncarnationIsOneRowHoweverOftenItIsTold() {
        long start = MINUTE * 60_000;
        for (int sequence = 1; sequence <= 100; sequence++) {
            for (int incarnation = 5; incarnation <= 6; incarnation++) {
                store.append(List.of(Reports.listeners(
                        1, incarnation, sequence, span(80, sequence, start), span(443, sequence, start))));
            }
        }
        store.rollUp(ALL, at(0));
        assertThat(count("listener")).isEqualTo(2 * 2);
        store.append(List.of(Reports.listeners(1, 5, 101, span(80, 101, start))));
        store.rollUp(ALL, at(0));
        assertThat(count("listener")).as("not worth it yet").isEqualTo(5);
        assertThat(store.listeners(window(0, 1), FlowFilter.ALL))
                .allSatisfy(each -> assertThat(each.firstSeenMillis()).isEqualTo(start))
                .extracting(each -> each.processes().getLast().pid())
                .containsExactlyInAnyOrder(101, 100);
    }

    private static ListenerSpan span(int port, int pid, long start) {
        return new ListenerSpan(Reports.listener(1, port), new ProcessId(pid, 1), start, start + pid);
    }
}
