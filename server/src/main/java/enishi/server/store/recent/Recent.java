package enishi.server.store.recent;

import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.Report;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is known of the flows since some minute. It takes no more memory than it may: the oldest ten minutes go when
 * there is no room for more. Rows of earlier minutes may be put, but are told only once {@link #isWholeFrom} says that
 * nothing of them is missing.
 *
 * <p>Writing is for one thread at a time, while nobody reads; reading is for any number.
 */
public final class Recent {
    private Flows flows = new Flows();
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

    /** What a report told of flows, whose ids stand in the same order; again, or in another order, changes nothing. */
    public void put(Report report, LongBuffer flowIds) {
        Told told = new Told(report.incarnation(), report.sequence());
        for (FlowObservations each : report.flows()) {
            long id = flowIds.get();
            for (Observation observation : each.observations()) {
                put(id, each.flow(), told, observation);
            }
        }
    }

    /** One observation, and which report told it. */
    public void put(long flowId, Flow flow, Told told, Observation observation) {
        if (observation.minute() >= keptFrom) {
            slots.computeIfAbsent(Slot.of(observation.minute()), Slot::new)
                    .put(flows.number(flowId, flow), told, observation);
        }
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
    public List<FlowTotals> read(long first, long last, FlowFilter filter) {
        List<FlowTotals> found = new ArrayList<>();
        List<Slot> within = new ArrayList<>();
        for (Map.Entry<Long, Slot> each : slots.entrySet()) {
            if (each.getKey() >= Slot.of(first) && each.getKey() <= Slot.of(last)) {
                within.add(each.getValue());
            }
        }
        Row row = new Row();
        for (int flow : within.isEmpty() ? new int[0] : flows.numbers(filter)) {
            Sums sums = new Sums();
            for (Slot slot : within) {
                slot.addTo(sums, flow, first, last, row);
            }
            if (sums.any()) {
                found.add(sums.totals(flows.flow(flow)));
            }
        }
        return found;
    }
}
