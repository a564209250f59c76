package enishi.server.store;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Window;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. A new engine extends this and says how it is opened. */
public abstract class StoreContract implements CoverageContract, RepeatedContract, TranslationContract {
    static final Window ALWAYS = window(-10, 100);

    protected Store store = new InMemoryStore();

    /** Opens the store under test, empty the first time. */
    protected abstract Store open();

    @Override
    public final Store store() {
        return store;
    }

    @BeforeEach
    final void openStore() {
        store = open();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    @Test
    void emptyStoreAnswersWithNothing() {
        assertThat(store.hosts()).isEmpty();
        assertThat(store.flows(ALWAYS, FlowFilter.ALL)).isEmpty();
        assertThat(store.listeners(ALWAYS, FlowFilter.ALL)).isEmpty();
        assertThat(store.coverage(ALWAYS)).isEmpty();
        store.append(List.of());
        assertThat(store.hosts()).isEmpty();
    }

    @Test
    void sameReportTwiceCountsOnce() {
        Received once = report(1, 5, 1, flow(1, 1), observation(0, 3));
        store.append(List.of(once, once));
        store.append(List.of(once));
        assertThat(opened()).isEqualTo(3);
    }

    @Test
    void finalCountsReplacePartialOnesWhicheverComesFirst() {
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(0, 9))));
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 4))));
        assertThat(opened()).isEqualTo(9);
        store.append(List.of(report(1, 5, 3, flow(1, 1), observation(0, 2))));
        assertThat(opened()).isEqualTo(2);
    }

    @Test
    void incarnationsOfOneMinuteAddUp() {
        store.append(List.of(
                report(1, 5, 7, flow(1, 1), observation(0, 3)), report(1, 6, 1, flow(1, 1), observation(0, 4))));
        FlowTotals total = only();
        assertThat(total.opened()).isEqualTo(7);
        assertThat(total.active()).isEqualTo(4);
        assertThat(total.firstSeenMillis()).isEqualTo(MINUTE * 60_000);
        assertThat(total.lastSeenMillis()).isEqualTo(MINUTE * 60_000 + 1004);
        assertThat(total.processes()).containsExactly(new ProcessId(7, 70));
    }

    @Test
    void connectionStillOpenIsPresentInEveryMinuteReported() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1), observation(1, 0), observation(2, 0))));
        for (int minute = 0; minute < 3; minute++) {
            assertThat(store.flows(window(minute, minute + 1), FlowFilter.ALL)).hasSize(1);
        }
        assertThat(store.flows(window(3, 4), FlowFilter.ALL)).isEmpty();
    }

    /** A connection of hours is asked about at a minute in its midst, after a restart of the agent. */
    @Test
    void connectionOpenedLongAgoIsPresentInAMinuteOfThePast() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1))));
        for (int minute = 1; minute < 60; minute++) {
            store.append(List.of(report(1, minute < 30 ? 5 : 6, minute + 1, flow(1, 1), open(minute))));
        }
        FlowTotals past = store.flows(window(40, 41), FlowFilter.ALL).getFirst();
        assertThat(past.active()).isEqualTo(1);
        assertThat(past.opened()).isZero();
        assertThat(past.isAttempt()).isFalse();
        assertThat(past.firstSeenMillis()).isEqualTo((MINUTE + 40) * 60_000);
        assertThat(past.lastSeenMillis()).isEqualTo((MINUTE + 40) * 60_000 + 59_000);
        FlowTotals whole = store.flows(window(0, 60), FlowFilter.ALL).getFirst();
        assertThat(whole.opened()).isEqualTo(1);
        assertThat(whole.active()).isEqualTo(1);
    }

    private static Observation open(int minute) {
        long at = (MINUTE + minute) * 60_000;
        return new Observation(MINUTE + minute, 0, 0, 0, 1, null, 0, 0, at, at + 59_000, Set.of(), List.of(), 0);
    }

    @Test
    void whatRefusedOnlyIsAnAttemptAndWhatClosedIsNot() {
        long at = MINUTE * 60_000;
        Observation failed = new Observation(MINUTE, 0, 0, 2, 0, null, 0, 0, at, at, Set.of(), List.of(), 0);
        Observation closed = new Observation(MINUTE + 1, 0, 1, 0, 0, null, 0, 0, at, at, Set.of(), List.of(), 0);
        store.append(List.of(report(1, 5, 1, flow(1, 1), failed, closed)));
        assertThat(store.flows(window(0, 1), FlowFilter.ALL).getFirst().isAttempt())
                .isTrue();
        assertThat(store.flows(window(1, 2), FlowFilter.ALL).getFirst().isAttempt())
                .isFalse();
        assertThat(only().isAttempt()).isFalse();
    }

    @Test
    void processesThatNoMinuteNamedAreCountedOnceAtLeast() {
        store.append(List.of(
                report(1, 5, 1, flow(1, 1), crowd(0, 1, 84), crowd(1, 17, 20)),
                report(2, 5, 1, flow(2, 1), crowd(0, 1, 0), crowd(1, 17, 0)),
                report(3, 5, 1, flow(3, 1), crowd(0, 1, Long.MAX_VALUE))));
        List<FlowTotals> all = store.flows(ALWAYS, FlowFilter.ALL);
        assertThat(all).hasSize(3);
        for (FlowTotals each : all) {
            if (each.flow().equals(flow(1, 1))) {
                assertThat(each.processes()).hasSize(32);
                assertThat(each.moreProcesses()).isEqualTo(16 + 84 - 32);
            } else if (each.flow().equals(flow(2, 1))) {
                assertThat(each.moreProcesses()).isZero();
            } else {
                assertThat(each.moreProcesses()).isEqualTo(Long.MAX_VALUE / 2);
            }
        }
    }

    /** Sixteen processes by name, from this pid on, and more. */
    private static Observation crowd(int minute, int firstPid, long more) {
        long at = (MINUTE + minute) * 60_000;
        List<ProcessId> processes = IntStream.range(firstPid, firstPid + Observation.PROCESSES_MAX)
                .mapToObj(pid -> new ProcessId(pid, 9))
                .toList();
        return new Observation(MINUTE + minute, 1, 0, 0, 1, null, 0, 0, at, at, Set.of(), processes, more);
    }

    @Test
    void windowTakesEveryMinuteItOverlaps() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1), observation(1, 2), observation(2, 4))));
        Instant start = window(1, 2).from();
        assertThat(sum(new Window(start, start.plusSeconds(60)))).isEqualTo(2);
        assertThat(sum(new Window(start.minusNanos(1), start.plusSeconds(60)))).isEqualTo(3);
        assertThat(sum(new Window(start, start.plusSeconds(60).plusNanos(1)))).isEqualTo(6);
        assertThat(sum(new Window(start.plusSeconds(59), start.plusSeconds(60))))
                .isEqualTo(2);
    }

    @Test
    void trafficIsUnknownOnlyWhereNoMinuteKnew() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1))));
        assertThat(only().traffic()).isNull();
        store.append(List.of(
                report(1, 5, 2, flow(1, 1), Reports.withTraffic(1)),
                report(1, 5, 3, flow(1, 1), Reports.withTraffic(2))));
        assertThat(only().traffic()).isEqualTo(new Traffic(20, 40));
    }

    @Test
    void sumTooLargeStaysAtTheLargest() {
        store.append(List.of(
                report(1, 5, 1, flow(1, 1), observation(0, Long.MAX_VALUE / 2), observation(1, Long.MAX_VALUE - 5))));
        assertThat(opened()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void filterTakesFlowsOfTheHostsAndFlowsWithAnAddressAtEitherEnd() {
        for (int host = 1; host < 4; host++) {
            store.append(List.of(report(host, 5, 1, flow(host, 2), observation(0, 1))));
            store.append(List.of(report(host, 5, 2, flow(host, 9), observation(0, 1))));
        }
        Flow named = flow(1, 9);
        assertFiltered(new FlowFilter(Set.of(Reports.host(2).id()), Set.of()), 2);
        assertFiltered(new FlowFilter(Set.of(), Set.of(named.remote())), 3);
        assertFiltered(new FlowFilter(Set.of(), Set.of(named.local())), 2);
        assertFiltered(new FlowFilter(Set.of(Reports.host(2).id()), Set.of(named.remote())), 4);
        assertFiltered(new FlowFilter(Set.of(Reports.host(99).id()), Set.of()), 0);
        assertFiltered(FlowFilter.ALL, 6);
    }

    private void assertFiltered(FlowFilter filter, int expected) {
        assertThat(store.flows(ALWAYS, filter)).hasSize(expected).allMatch(each -> filter.takes(each.flow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'; DROP TABLE flow; --", "\"", "a\nb\tc", "縁😀", "\ud800", "", "nul\0here", "{}[],\\", "NULL"})
    void hostileNamesAreKeptAsTheyAre(String name) {
        String utf8 = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Flow plain = flow(1, 1);
        Flow hostile = named(plain, utf8);
        store.append(List.of(report(1, 5, 1, hostile, observation(0, 3)), report(1, 5, 1, plain, observation(0, 1))));
        assertThat(store.flows(ALWAYS, FlowFilter.ALL))
                .extracting(FlowTotals::flow)
                .containsExactlyInAnyOrder(plain, hostile);
        store.append(List.of(report(1, 5, 2, named(plain, name), observation(1, 3))));
        assertThat(sum(ALWAYS)).isEqualTo(7);
    }

    private static Flow named(Flow flow, String name) {
        Program program = new Program(name, name, name);
        return new Flow(flow.host(), 4, program, Role.CLIENT, flow.local(), flow.remote(), 65535, flow.transport());
    }

    @Test
    void hundredThousandRowsAreSummed() {
        List<FlowObservations> flows = new ArrayList<>();
        for (int number = 0; number < 1_000; number++) {
            List<Observation> minutes = new ArrayList<>();
            for (int minute = 0; minute < 100; minute++) {
                minutes.add(observation(minute, 1));
            }
            flows.add(new FlowObservations(flow(1, number), minutes));
        }
        store.append(List.of(new Received(new Report(Reports.host(1), 5, 1, 9, flows, List.of(), List.of()), 10)));
        assertThat(sum(window(0, 100))).isEqualTo(100_000);
        assertThat(sum(window(50, 60))).isEqualTo(10_000);
    }

    @Test
    void readerSeesWholeBatchesWhileOthersAreAppended() {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int minute = 0; minute < 50; minute++) {
                store.append(List.of(
                        report(1, 5, minute + 1, flow(1, 1), observation(minute, 1)),
                        report(2, 5, minute + 1, flow(2, 1), observation(minute, 1))));
            }
        });
        long seen = 0;
        while (!writing.isDone()) {
            List<FlowTotals> totals = store.flows(ALWAYS, FlowFilter.ALL);
            assertThat(totals.stream().mapToLong(FlowTotals::opened).distinct().count())
                    .isLessThanOrEqualTo(1);
            long now = totals.stream().mapToLong(FlowTotals::opened).sum();
            assertThat(now).isGreaterThanOrEqualTo(seen);
            seen = now;
        }
        writing.join();
        assertThat(sum(ALWAYS)).isEqualTo(100);
    }

    private long opened() {
        return only().opened();
    }

    private FlowTotals only() {
        List<FlowTotals> all = store.flows(ALWAYS, FlowFilter.ALL);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private long sum(Window window) {
        return store.flows(window, FlowFilter.ALL).stream()
                .mapToLong(FlowTotals::opened)
                .sum();
    }

    /** Folded elsewhere: the same as if its minutes had come, but for the sums of a part of it. */
    @Test
    void anHourThatWasFoldedElsewhereIsTold() {
        long hour = Math.ceilDiv(MINUTE, 60L);
        int first = (int) (hour * 60 - MINUTE);
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(first + 200, 1))));
        FlowTotals totals =
                store.flows(window(first + 200, first + 201), FlowFilter.ALL).getFirst();
        long at = hour * 3_600_000;
        FlowTotals moved = new FlowTotals(
                totals.flow(),
                9,
                8,
                0,
                3,
                totals.traffic(),
                0,
                0,
                at + 120_500,
                at + 300_500,
                totals.evidence(),
                totals.processes(),
                2);
        store.putHour(hour, List.of(new FlowHour(moved, 0b100)).iterator());
        store.putHour(hour, List.of(new FlowHour(moved, 0b100100)).iterator());
        assertThat(store.flows(window(first, first + 60), FlowFilter.ALL)).containsExactly(moved);
        for (int minute = 0; minute < 60; minute++) {
            assertThat(store.flows(window(first + minute, first + minute + 1), FlowFilter.ALL))
                    .hasSize(minute == 2 || minute == 5 ? 1 : 0);
        }
        assertThat(store.flows(window(first, first + 300), FlowFilter.ALL))
                .singleElement()
                .matches(each -> each.opened() == 10);
        assertThatThrownBy(() ->
                        store.putHour(hour + 3, List.of(new FlowHour(moved, 1)).iterator()))
                .isInstanceOf(StoreException.class);
        assertThat(store.flows(window(first, first + 300), FlowFilter.ALL)).hasSize(1);
    }
}
