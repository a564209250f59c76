package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Precision;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Kept;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rolled up or not, an answer is the same; and what was dropped is missed in precision only. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() first
final class TiersTest {
    /** The first minute of a day, as the tests' minute 0 is none. */
    private static final int DAWN = (int) (Math.ceilDiv(MINUTE, 1_440L) * 1_440L - MINUTE);

    /** Hours with gaps between them, over two days and a bit, in the order in which they are reported. */
    private static final List<Integer> HOURS = List.of(3, 4, 5, 22, 23, 24, 25, 40, 49);

    private static final Retention ALL = new Retention(1_000_000, Long.MAX_VALUE);

    @TempDir
    private Path folder = Path.of("");

    /** Of the last minutes: none in memory, some, all. */
    private final List<Long> memories = List.of(3_000L, 0L, 1L << 20);

    private int opened;
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
                memories.get(opened++ % memories.size()),
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

    private static Instant at(int minute) {
        return Instant.ofEpochSecond((MINUTE + minute) * 60);
    }

    /** Reports in any order, repeated and late, rolled up at any time: every window is answered as if it never was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rollingUpChangesNoAnswer(long seed) {
        Random random = new Random(seed);
        opened = (int) seed;
        reopen();
        List<Received> reports = new ArrayList<>();
        try (InMemoryStore plain = new InMemoryStore()) {
            for (int round = 1; round <= 8; round++) {
                List<Received> batch = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    batch.add(random(random, round * 100 + i, HOURS.subList(0, 1 + round)));
                }
                reports.addAll(batch);
                batch.addAll(reports.subList(0, random.nextInt(reports.size())));
                plain.append(batch);
                store.append(batch);
                if (random.nextInt(3) > 0) {
                    store.rollUp(ALL, at(DAWN + random.nextInt(60 * 60 + 1_500)));
                }
                if (random.nextInt(4) == 0) {
                    reopen();
                }
                assertSame(plain, random);
            }
            store.rollUp(ALL, at(DAWN + 10 * 1_440));
            assertSame(plain, random);
        }
    }

    private void assertSame(InMemoryStore plain, Random random) {
        for (int i = 0; i < 3; i++) {
            int from = DAWN + HOURS.get(random.nextInt(HOURS.size())) * 60 - 60 + random.nextInt(120);
            int minutes = 1 + random.nextInt(i % 2 == 0 ? 200 : 3_000);
            Window window = i == 2 ? window(DAWN, DAWN + 1_440) : window(from, from + minutes);
            HostId host = Reports.host(random.nextInt(3)).id();
            for (FlowFilter filter : List.of(
                    FlowFilter.ALL,
                    new FlowFilter(Set.of(host), Set.of()),
                    new FlowFilter(Set.of(), Set.of(flow(0, 2).remote())))) {
                assertThat(store.flows(window, filter))
                        .containsExactlyInAnyOrderElementsOf(plain.flows(window, filter));
            }
        }
        assertThat(store.kept()).isEqualTo(Kept.ALL);
    }

    /** Few flows are folded by the store, all by the engine: both tell the same, whatever was dropped. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void fewFlowsAreToldAsAllAre(long seed) {
        Random random = new Random(seed);
        List<Received> reports = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            reports.add(random(random, i, HOURS));
        }
        store.append(reports);
        Precision last = Precision.EXACT;
        for (Retention retention : List.of(ALL, new Retention(2, Long.MAX_VALUE), new Retention(2, 1))) {
            store.rollUp(retention, at(DAWN + 10 * 1_440));
            for (int i = 0; i < 20; i++) {
                int from = DAWN + HOURS.get(random.nextInt(HOURS.size())) * 60 - 60 + random.nextInt(120);
                Window window = window(from, from + 1 + random.nextInt(i % 2 == 0 ? 90 : 3_000));
                FlowFilter filter = new FlowFilter(
                        Set.of(Reports.host(random.nextInt(3)).id()),
                        Set.of(flow(0, 2).remote()));
                assertThat(store.flows(window, filter))
                        .containsExactlyInAnyOrderElementsOf(store.flows(window, FlowFilter.ALL).stream()
                                .filter(each -> filter.takes(each.flow()))
                                .toList());
                Precision precision = store.kept().precision(window);
                last = precision.compareTo(last) > 0 ? precision : last;
            }
        }
        assertThat(last).isEqualTo(Precision.TO_THE_DAY);
    }

    /** A report about few minutes of one of these hours. */
    private static Received random(Random random, long sequence, List<Integer> hours) {
        Report of = Reports.random(random, sequence).report();
        int at = DAWN + hours.get(random.nextInt(hours.size())) * 60 + random.nextInt(57);
        List<FlowObservations> moved = of.flows().stream()
                .map(each -> new FlowObservations(
                        each.flow(),
                        each.observations().stream()
                                .map(observation -> moved(observation, at))
                                .toList()))
                .toList();
        return new Received(
                new Report(of.host(), of.incarnation(), sequence, 9, moved, List.of(), List.of()), 10 + sequence);
    }

    private static Observation moved(Observation of, int by) {
        return new Observation(
                of.minute() + by,
                of.opened(),
                of.closed(),
                of.failed(),
                of.active(),
                of.traffic(),
                of.rttMicros(),
                of.retransmits(),
                of.firstSeenMillis() + by * 60_000L,
                of.lastSeenMillis() + by * 60_000L,
                of.evidence(),
                of.processes(),
                of.moreProcesses());
    }

    /** Once, for less than a second, and 400 days ago: it is found at its minute and at no other. */
    @Test
    void aSingleMinuteIsFoundForEverWhenItsMinuteRowIsGone() {
        int minute = DAWN + 10 * 60 + 17;
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(minute, 3))));
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(minute + 20, 4))));
        store.append(List.of(report(2, 5, 1, flow(2, 2), observation(DAWN + 400 * 1_440, 1))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 400 * 1_440));
        assertThat(tables("minute_")).isEqualTo(1);
        for (int each = minute - 20; each < minute + 40; each++) {
            List<FlowTotals> found = store.flows(window(each, each + 1), FlowFilter.ALL);
            boolean isThere = each == minute || each == minute + 20;
            assertThat(found).as("minute " + (each - minute)).hasSize(isThere ? 1 : 0);
            assertThat(store.kept().precision(window(each, each + 1))).isEqualTo(Precision.SUMS_TO_THE_HOUR);
        }
        FlowTotals alone = only(window(minute, minute + 1));
        assertThat(alone.opened()).as("of its hour").isEqualTo(7);
        assertThat(alone.processes()).containsExactly(new ProcessId(7, 70));
        assertThat(Instant.ofEpochMilli(alone.firstSeenMillis())).isEqualTo(at(minute));
        assertThat(Instant.ofEpochMilli(alone.lastSeenMillis())).isBefore(at(minute + 1));
        FlowTotals second = only(window(minute + 20, minute + 21));
        assertThat(Instant.ofEpochMilli(second.firstSeenMillis())).isEqualTo(at(minute + 20));
        FlowTotals hour = only(window(DAWN + 600, DAWN + 660));
        assertThat(hour.opened()).isEqualTo(7);
        assertThat(hour.active()).isEqualTo(4);
        assertThat(store.kept().precision(window(DAWN + 600, DAWN + 660))).isEqualTo(Precision.EXACT);
        assertThat(only(window(DAWN - 1_440, DAWN + 2_880)).opened()).isEqualTo(7);
    }

    private FlowTotals only(Window window) {
        List<FlowTotals> found = store.flows(window, FlowFilter.ALL);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void minuteRowsAreKeptAsLongAsTheyShall() {
        for (int hour = 0; hour < 10; hour++) {
            store.append(List.of(report(1, 5, hour + 1, flow(1, 1), observation(DAWN + hour * 60, 1))));
        }
        store.rollUp(new Retention(4, Long.MAX_VALUE), at(DAWN + 10 * 60));
        assertThat(tables("minute_")).as("the last and the four before").isEqualTo(5);
        assertThat(store.kept()).isEqualTo(new Kept(MINUTE + DAWN + 300, Long.MIN_VALUE));
        assertThat(only(window(DAWN, DAWN + 600)).opened()).isEqualTo(10);
    }

    /** Minute rows go first, the oldest hour rows next; from then on that time is known to the hour. */
    @Test
    void withoutRoomTheMostPreciseAndOldestGoesFirst() {
        for (int day = 0; day < 3; day++) {
            int minute = DAWN + day * 1_440 + 600;
            store.append(List.of(report(1, 5, day + 1, flow(1, 1), observation(minute, 1))));
        }
        store.rollUp(new Retention(1_000_000, 1), at(DAWN + 3 * 1_440));
        assertThat(tables("minute_")).as("what may still be coming stays").isEqualTo(1);
        assertThat(tables("hour_")).isEqualTo(1);
        assertThat(store.kept().precision(window(DAWN + 600, DAWN + 660))).isEqualTo(Precision.TO_THE_DAY);
        assertThat(store.flows(window(DAWN + 600, DAWN + 601), FlowFilter.ALL)).hasSize(1);
        assertThat(store.flows(window(DAWN + 659, DAWN + 660), FlowFilter.ALL)).hasSize(1);
        assertThat(store.flows(window(DAWN + 599, DAWN + 600), FlowFilter.ALL)).isEmpty();
        assertThat(store.flows(window(DAWN + 660, DAWN + 720), FlowFilter.ALL)).isEmpty();
        assertThat(only(window(DAWN, DAWN + 3 * 1_440)).opened()).isEqualTo(3);
        store.append(List.of(report(1, 5, 9, flow(1, 1), observation(DAWN + 1_440 + 700, 8))));
        store.rollUp(new Retention(1_000_000, 1), at(DAWN + 3 * 1_440));
        assertThat(store.tooLate()).as("an hour of a day known as a day alone").isEqualTo(1);
        assertThat(only(window(DAWN, DAWN + 3 * 1_440)).opened()).isEqualTo(3);
    }

    @Test
    void aClockThatRunsAheadDropsNothingOfTheLastDays() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(DAWN, 5))));
        store.rollUp(Retention.DEFAULT, at(DAWN + 3_000 * 1_440));
        assertThat(store.kept()).isEqualTo(Kept.ALL);
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(DAWN + 1, 4))));
        assertThat(only(window(DAWN, DAWN + 60)).opened()).isEqualTo(9);
    }

    /** The server refuses them before; should one slip through, it must not stand for the whole hour. */
    @Test
    void whatComesAfterItsMinuteRowsWereDroppedIsLeftOutAndCounted() {
        store.append(List.of(
                report(1, 5, 1, flow(1, 1), observation(DAWN, 5)),
                report(2, 5, 1, flow(2, 2), observation(DAWN + 540, 1))));
        store.rollUp(new Retention(2, Long.MAX_VALUE), at(DAWN + 600));
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(DAWN + 1, 9), observation(DAWN + 600, 1))));
        assertThat(only(window(DAWN, DAWN + 60)).opened()).isEqualTo(5);
        assertThat(only(window(DAWN + 600, DAWN + 660)).opened()).isEqualTo(1);
        assertThat(store.tooLate()).isEqualTo(1);
        reopen();
        store.append(List.of(report(1, 5, 3, flow(1, 1), observation(DAWN + 1, 9))));
        assertThat(store.tooLate()).isEqualTo(1);
        assertThat(only(window(DAWN, DAWN + 60)).opened()).isEqualTo(5);
    }

    private long tables(String prefix) {
        store.close();
        long tables = StoreRows.tables(folder.resolve("enishi.duckdb"), prefix);
        open();
        return tables;
    }
}
