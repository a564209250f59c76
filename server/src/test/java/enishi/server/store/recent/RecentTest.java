package enishi.server.store.recent;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Coverage;
import enishi.model.FlowId;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.recent.Recent.Told;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the store's own tests cannot see: when memory answers, and how much of it there is. */
final class RecentTest {
    private static final long ROOM = 40_000;
    private final Recent recent = new Recent(MINUTE, ROOM);

    private void put(int host, int minute, long sequence, long opened) {
        put(host, sequence, observation(minute, opened));
    }

    private void put(int host, long sequence, Observation observation) {
        recent.put(FlowId.of(flow(host, host)).value(), flow(host, host), new Told(5, sequence), observation);
    }

    private List<FlowTotals> read(int first, int last) {
        return recent.flows(MINUTE + first, MINUTE + last, FlowFilter.ALL);
    }

    @Test
    void ofAMinuteTheGreatestSequenceCounts() {
        put(1, 3, 2, 20);
        put(1, 3, 1, 10);
        put(1, 4, 3, 7);
        put(1, 3, 4, 40);
        assertThat(read(3, 3)).singleElement().matches(each -> each.opened() == 40);
        assertThat(read(0, 9)).singleElement().matches(each -> each.opened() == 47);
        assertThat(read(5, 9)).isEmpty();
    }

    @Test
    void theLargestAndTheOddestNumbersComeBack() {
        long most = Long.MAX_VALUE;
        Observation odd = new Observation(
                MINUTE,
                most,
                3,
                most,
                most,
                new Traffic(most, 0),
                Integer.MAX_VALUE,
                most,
                -most,
                most,
                Set.of(),
                List.of(),
                most);
        put(1, most, odd);
        FlowTotals read = read(0, 0).getFirst();
        assertThat(read.opened()).isEqualTo(most);
        assertThat(read.closed()).isEqualTo(3);
        assertThat(read.failed()).isEqualTo(most);
        assertThat(read.active()).isEqualTo(most);
        assertThat(read.traffic()).isEqualTo(new Traffic(most, 0));
        assertThat(read.rttMicros()).isEqualTo(Integer.MAX_VALUE);
        assertThat(read.retransmits()).isEqualTo(most);
        assertThat(read.firstSeenMillis()).isEqualTo(-most);
        assertThat(read.lastSeenMillis()).isEqualTo(most);
        assertThat(read.evidence()).isEmpty();
        assertThat(read.moreProcesses()).isEqualTo(most / 2);
    }

    @Test
    void aFilterTakesHostsAndAddressesOfEitherEnd() {
        put(1, 0, 1, 1);
        put(2, 0, 1, 1);
        HostId one = flow(1, 1).host();
        assertThat(recent.flows(MINUTE, MINUTE, new FlowFilter(Set.of(one), Set.of())))
                .extracting(FlowTotals::flow)
                .containsExactly(flow(1, 1));
        assertThat(recent.flows(
                        MINUTE,
                        MINUTE,
                        new FlowFilter(Set.of(), Set.of(flow(2, 2).remote()))))
                .extracting(FlowTotals::flow)
                .containsExactly(flow(2, 2));
        assertThat(recent.flows(
                        MINUTE,
                        MINUTE,
                        new FlowFilter(
                                Set.of(one),
                                Set.of(flow(1, 1).local(), flow(2, 2).local()))))
                .hasSize(2);
    }

    /** Ten times what there is room for: the newest stay, the beginning moves, and the flows of old are forgotten. */
    @Test
    void withoutRoomTheOldestMinutesGo() {
        for (int minute = 0; minute < 400; minute++) {
            for (int host = 0; host < 40; host++) {
                put(host + minute / 10 * 40, minute, 1, 1);
            }
            recent.trim();
            assertThat(recent.bytes()).isLessThanOrEqualTo(ROOM);
        }
        int whole = (int) (recent.wholeFrom() - MINUTE);
        assertThat(whole).isBetween(300, 399);
        assertThat(read(whole, 399)).hasSize((400 - whole + 9) / 10 * 40);
        assertThat(read(399, 399)).hasSize(40).allMatch(each -> each.opened() == 1);
        assertThat(recent.flows()).isLessThan(2 * read(whole, 399).size() + 1);
        put(7, 0, 2, 9);
        assertThat(read(0, whole - 1)).as("too old to be kept").isEmpty();
    }

    @Test
    void whatIsFilledInIsToldOnceItIsWhole() {
        put(1, -5, 1, 3);
        assertThat(recent.wholeFrom()).isEqualTo(MINUTE);
        recent.keepFrom(MINUTE - 5);
        put(1, -5, 2, 4);
        assertThat(recent.wholeFrom()).isEqualTo(MINUTE);
        put(1, -5, 1, 3);
        recent.isWholeFrom(MINUTE - 5);
        assertThat(recent.wholeFrom()).isEqualTo(MINUTE - 5);
        assertThat(read(-5, -5)).singleElement().matches(each -> each.opened() == 4);
    }

    private static Coverage watched(int minute, Rung rung, long seconds, long count) {
        return new Coverage(MINUTE + minute, rung, seconds, count, count, count, count, count, count);
    }

    @Test
    void minutesWatchedAlikeAreOneRunAndIncarnationsAreMerged() {
        HostId host = flow(1, 1).host();
        long most = Long.MAX_VALUE;
        recent.put(host, new Told(5, 1), watched(8, Rung.EBPF, Coverage.WHOLE_MINUTE, 1), 40L);
        recent.put(host, new Told(5, 2), watched(9, Rung.EBPF, Coverage.WHOLE_MINUTE, 2), -7L);
        recent.put(host, new Told(5, 3), watched(10, Rung.EBPF, Coverage.WHOLE_MINUTE, most), null);
        recent.put(host, new Told(5, 4), watched(11, Rung.EBPF, 7, 0), -9L);
        recent.put(host, new Told(6, 1), watched(11, Rung.PROC, 8, 3), -8L);
        recent.put(host, new Told(5, 1), watched(11, Rung.PROC, 16, 100), 99L);
        assertThat(recent.coverage(MINUTE + 8, MINUTE + 11, Set.of()))
                .containsExactly(
                        new HostCoverage(
                                host,
                                3,
                                new Coverage(
                                        MINUTE + 8,
                                        Rung.EBPF,
                                        Coverage.WHOLE_MINUTE,
                                        most,
                                        most,
                                        most,
                                        most,
                                        most,
                                        most),
                                40L),
                        new HostCoverage(host, 1, watched(11, Rung.PROC, 15, 3), -8L));
        assertThat(recent.coverage(MINUTE, MINUTE + 59, Set.of(flow(2, 2).host())))
                .isEmpty();
        assertThat(recent.bytes()).isPositive();
    }

    @Test
    void withoutAnyRoomNothingIsKept() {
        Recent none = new Recent(MINUTE, 0);
        none.put(FlowId.of(flow(1, 1)).value(), flow(1, 1), new Told(5, 1), observation(0, 1));
        none.trim();
        assertThat(none.wholeFrom()).isEqualTo(Long.MAX_VALUE);
        assertThat(none.isNearlyFull()).isTrue();
        assertThat(none.flows(MINUTE, MINUTE, FlowFilter.ALL)).isEmpty();
    }
}
