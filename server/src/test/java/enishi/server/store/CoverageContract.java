package enishi.server.store;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.ListenerSpan;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Rung;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store promises of hosts, of their listeners and of their coverage. */
interface CoverageContract {
    /** Empty when a test begins. */
    Store store();

    @Test
    default void listenerKeepsFirstAndLastAndTheProcessesOfTheWindow() {
        long start = MINUTE * 60_000;
        store().append(List.of(
                Reports.listeners(1, 5, 1, span(new ProcessId(1, 1), start, start + 10)),
                Reports.listeners(1, 5, 2, span(new ProcessId(2, 2), start, start + 50_000)),
                Reports.listeners(1, 6, 1, span(new ProcessId(3, 3), start + 120_000, start + 130_000))));
        KnownListener early = store().listeners(window(0, 1), FlowFilter.ALL).getFirst();
        assertThat(early.processes()).containsExactly(new ProcessId(2, 2));
        assertThat(early.firstSeenMillis()).isEqualTo(start);
        assertThat(early.lastSeenMillis()).isEqualTo(start + 130_000);
        assertThat(store().listeners(window(1, 2), FlowFilter.ALL)).isEmpty();
        FlowFilter other = new FlowFilter(Set.of(Reports.host(2).id()), Set.of());
        assertThat(store().listeners(window(0, 5), other)).isEmpty();
    }

    private static ListenerSpan span(ProcessId process, long first, long last) {
        return new ListenerSpan(Reports.listener(1, 80), process, first, last);
    }

    @Test
    default void coverageOfIncarnationsIsUnitedAndTheWorstRungNamed() {
        store().append(List.of(
                Reports.coverage(1, 5, 1, new Coverage(MINUTE, Rung.PROC, 0b111, 9, 9, 9, 9, 9, 9)),
                Reports.coverage(1, 5, 2, new Coverage(MINUTE, Rung.EBPF, 0b011, 1, 2, 3, 4, 5, 6)),
                Reports.coverage(1, 6, 1, new Coverage(MINUTE, Rung.SOCK_DIAG, 0b110, 10, 20, 30, 40, 50, 60))));
        Coverage united = new Coverage(MINUTE, Rung.SOCK_DIAG, 0b111, 11, 22, 33, 44, 55, 66);
        assertThat(store().coverage(window(0, 1)))
                .containsExactly(new HostCoverage(Reports.host(1).id(), 1, united, offset(2)));
        assertThat(store().coverage(window(1, 2))).isEmpty();
    }

    @Test
    default void coverageOfMinutesThatAreAlikeIsOneRun() {
        Coverage[] minutes = IntStream.of(0, 1, 2, 3, 5, 6)
                .mapToObj(each -> new Coverage(
                        MINUTE + each, each < 6 ? Rung.PROC : Rung.EBPF, each == 1 ? 0b1 : 0b11, 1, 2, 3, 4, each, 5))
                .toArray(Coverage[]::new);
        store().append(List.of(Reports.coverage(1, 5, 1, minutes)));
        HostId host = Reports.host(1).id();
        long offset = offset(1);
        assertThat(store().coverage(StoreContract.ALWAYS))
                .containsExactlyInAnyOrder(
                        new HostCoverage(host, 1, minutes[0], offset),
                        new HostCoverage(host, 1, minutes[1], offset),
                        new HostCoverage(host, 2, new Coverage(MINUTE + 2, Rung.PROC, 0b11, 2, 4, 6, 8, 3, 10), offset),
                        new HostCoverage(host, 1, minutes[4], offset),
                        new HostCoverage(host, 1, minutes[5], offset));
        assertThat(store().coverage(window(3, 4))).containsExactly(new HostCoverage(host, 1, minutes[3], offset));
    }

    /** The clock offset of a report of the first host's incarnation 5. */
    private static long offset(int sequence) {
        return Reports.coverage(1, 5, sequence).clockOffsetMillis();
    }

    @Test
    default void theClockOffsetIsThatOfTheReportThatCountsAndOfThoseTheOneThatCameSoonest() {
        long sent = 1_700_000_000_000L;
        store().append(List.of(
                sent(1, sent, sent + 5_000, MINUTE),
                sent(2, sent, sent + 9_000, MINUTE),
                sent(2, sent, sent + 99_000, MINUTE),
                sent(3, sent + 7_000, sent, MINUTE + 2),
                sent(4, sent, sent + 800, MINUTE + 3)));
        assertThat(store().coverage(window(0, 1)))
                .extracting(HostCoverage::clockOffsetMillis)
                .containsExactly(-9_000L);
        assertThat(store().coverage(window(2, 4)))
                .extracting(HostCoverage::clockOffsetMillis)
                .containsExactly(7_000L);
    }

    private static Received sent(long sequence, long sentMillis, long receivedMillis, long minute) {
        Coverage coverage = new Coverage(minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 1, 0, 0, 0, 0, 0);
        return new Received(
                new Report(Reports.host(1), 5, sequence, sentMillis, List.of(), List.of(), List.of(coverage)),
                receivedMillis);
    }

    @Test
    default void anOlderReportOfAListenerChangesNothingHoweverLateAndOften() {
        long start = MINUTE * 60_000;
        Received[] told = {
            Reports.listeners(1, 5, 1, span(new ProcessId(1, 1), start, start + 10)),
            Reports.listeners(1, 5, 2, span(new ProcessId(2, 2), start, start + 200_000)),
            Reports.listeners(
                    1, 5, 3, span(new ProcessId(3, 3), start, start + 20), span(new ProcessId(4, 4), start, start + 9))
        };
        for (int sequence : new int[] {2, 1, 3, 3, 1, 2, 3}) {
            store().append(List.of(told[sequence - 1]));
            store().rollUp(Retention.DEFAULT, Instant.ofEpochSecond((MINUTE + 5) * 60));
        }
        KnownListener known = store().listeners(window(0, 1), FlowFilter.ALL).getFirst();
        assertThat(known.processes()).containsExactly(new ProcessId(3, 3));
        assertThat(known.lastSeenMillis()).isEqualTo(start + 20);
    }

    @Test
    default void hostIsKnownAsItsNewestReportToldIt() {
        Received first = Reports.coverage(1, 5, 1, new Coverage(MINUTE, Rung.PROC, 1, 0, 0, 0, 0, 0, 0));
        Received last = report(1, 5, 2, flow(1, 1), observation(0, 1));
        store().append(List.of(last));
        store().append(List.of(first));
        store().append(List.of(last));
        KnownHost known = store().hosts().getFirst();
        assertThat(known.host()).isEqualTo(Reports.host(1));
        assertThat(known.firstReportMillis()).isEqualTo(first.receivedAtMillis());
        assertThat(known.lastReportMillis()).isEqualTo(last.receivedAtMillis());
        assertThat(known.rung()).isEqualTo(Rung.PROC);
        assertThat(known.clockOffsetMillis()).isEqualTo(1_002 - last.receivedAtMillis());
    }
}
