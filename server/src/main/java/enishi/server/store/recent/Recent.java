package enishi.server.store.recent;

import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Report;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.Received;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of the flows and of what was watched since some minute. It takes no more memory than it may: the
 * oldest ten minutes go when there is no room for more. Rows of earlier minutes may be put, but are told only once
 * {@link #isWholeFrom} says that nothing of them is missing.
 *
 * <p>Writing is for one thread at a time, while nobody reads; reading is for any number.
 */
public final class Recent {
    private Flows flows = new Flows();
    private final Numbered<HostId> hosts = new Numbered<>(each -> 0);
    private final long bytesMax;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private long wholeFrom;
    private long keptFrom;

    /**
     * Empty, and whole from a minute on.
     *
     * @param wholeFrom the first minute of which nothing was told before
     * @param bytesMax about how much memory the rows may take
     */
    public Recent(long wholeFrom, long bytesMax) {
        this.bytesMax = bytesMax;
        this.wholeFrom = bytesMax == 0 ? Long.MAX_VALUE : wholeFrom;
        keptFrom = this.wholeFrom;
    }

    /** The first minute from which on everything is here. */
    public long wholeFrom() {
        return wholeFrom;
    }

    /** About how much memory the rows take. */
    public long bytes() {
        return slots.values().stream().mapToLong(Slot::bytes).sum();
    }

    /** How many flows it knows. */
    int flows() {
        return flows.size();
    }

    /** Whether there is no room to be filled with the past: what comes needs the rest. */
    public boolean isNearlyFull() {
        return bytes() >= bytesMax / 8 * 7;
    }

    /** From now on rows from this minute on are kept too, though they are not whole yet. */
    public void keepFrom(long minute) {
        keptFrom = Math.min(keptFrom, minute);
    }

    /** Everything from this minute on has been put. */
    public void isWholeFrom(long minute) {
        wholeFrom = Math.min(wholeFrom, Math.max(minute, keptFrom));
    }

    /**
     * What a report told. Again, or in another order, changes nothing.
     *
     * @param flowIds the ids of its flows, in the same order
     */
    public void put(Received received, LongBuffer flowIds) {
        Report report = received.report();
        Told told = new Told(report.incarnation(), report.sequence());
        for (FlowObservations each : report.flows()) {
            long id = flowIds.get();
            for (Observation observation : each.observations()) {
                put(id, each.flow(), told, observation);
            }
        }
        for (Coverage each : report.coverage()) {
            put(report.host().id(), told, each, received.clockOffsetMillis());
        }
    }

    /** One observation, and which report told it. */
    void put(long flowId, Flow flow, Told told, Observation observation) {
        put(flowId, flow, told, observation, false);
    }

    /** One that came before all that is here. */
    public void putEarlier(long flowId, Flow flow, Told told, Observation observation) {
        put(flowId, flow, told, observation, true);
    }

    private void put(long flowId, Flow flow, Told told, Observation observation, boolean first) {
        if (observation.minute() >= keptFrom) {
            slot(observation.minute()).put(flows.number(flowId, flow), told, observation, first);
        }
    }

    /** What one incarnation watched in one minute, and which report told it. */
    void put(HostId host, Told told, Coverage coverage, @Nullable Long clockOffsetMillis) {
        put(host, told, coverage, clockOffsetMillis, false);
    }

    /** The same, which came before all that is here. */
    public void putEarlier(HostId host, Told told, Coverage coverage, @Nullable Long clockOffsetMillis) {
        put(host, told, coverage, clockOffsetMillis, true);
    }

    private void put(HostId host, Told told, Coverage coverage, @Nullable Long clockOffsetMillis, boolean first) {
        if (coverage.minute() >= keptFrom) {
            slot(coverage.minute()).put(hosts.of(host), told, coverage, clockOffsetMillis, first);
        }
    }

    private Slot slot(long minute) {
        return slots.computeIfAbsent(Slot.of(minute), Slot::new);
    }

    /** Which report told a row. */
    public record Told(long incarnation, long sequence) {}

    /** Forgets the oldest minutes if there is not room enough for all. */
    public void trim() {
        while (bytes() > bytesMax && !slots.isEmpty()) {
            dropBefore((slots.firstKey() + 1) * Slot.MINUTES);
        }
    }

    /** Forgets what came before a minute. */
    public void dropBefore(long minute) {
        SortedMap<Long, Slot> before = slots.headMap(Slot.of(minute));
        if (!before.isEmpty()) {
            before.clear();
            renumber();
        }
        wholeFrom = Math.max(wholeFrom, minute);
        keptFrom = Math.max(keptFrom, minute);
    }

    /** Forgets the flows of which there are no rows any more, once they are most of them. */
    private void renumber() {
        BitSet live = new BitSet();
        slots.values().forEach(slot -> slot.flows().forEach(live::set));
        if (live.cardinality() > flows.size() / 2) {
            return;
        }
        Flows left = new Flows();
        int[] numbers = new int[flows.size()];
        live.stream().forEach(each -> numbers[each] = left.number(flows.id(each), flows.flow(each)));
        slots.values().forEach(slot -> slot.renumber(numbers));
        flows = left;
    }

    /** The flows present in any of these minutes, both inclusive, each with its sums. */
    public List<FlowTotals> flows(long first, long last, FlowFilter filter) {
        Collection<Slot> within = within(first, last);
        if (within.isEmpty()) {
            return List.of();
        }
        return IntStream.of(flows.numbers(filter))
                .parallel()
                .mapToObj(each -> totals(each, first, last, within))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable FlowTotals totals(int flow, long first, long last, Collection<Slot> within) {
        Sums sums = new Sums();
        ObservationRow row = new ObservationRow();
        for (Slot slot : within) {
            slot.addTo(sums, flow, first, last, row);
        }
        return sums.any() ? sums.totals(flows.flow(flow)) : null;
    }

    /** What was watched in these minutes, both inclusive, on these hosts, or on all if none are named. */
    public List<HostCoverage> coverage(long first, long last, Set<HostId> asked) {
        Collection<Slot> within = within(first, last);
        List<HostCoverage> found = new ArrayList<>();
        for (int number = 0; number < hosts.size(); number++) {
            HostId host = hosts.get(number);
            if (asked.isEmpty() || asked.contains(host)) {
                SortedMap<Long, HostCoverage> minutes = new TreeMap<>();
                for (Slot slot : within) {
                    slot.watched(
                            number,
                            host,
                            first,
                            last,
                            each -> minutes.merge(each.coverage().minute(), each, HostCoverage::meanwhile));
                }
                found.addAll(HostCoverage.runs(minutes.values()));
            }
        }
        return found;
    }

    private Collection<Slot> within(long first, long last) {
        return first > last
                ? List.of()
                : slots.subMap(Slot.of(first), true, Slot.of(last), true).values();
    }
}
