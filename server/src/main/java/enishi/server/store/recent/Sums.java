package enishi.server.store.recent;

import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Traffic;
import enishi.server.store.FlowTotals;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The sums of one flow while its rows are read, in any order. A sum that would not fit stays at the largest. */
public final class Sums {
    private static final long MORE_MAX = Long.MAX_VALUE / 2;
    private long opened;
    private long closed;
    private long failed;
    private long active;
    private boolean hasTraffic;
    private long clientBytes;
    private long serverBytes;
    private int rttMicros;
    private long retransmits;
    private long firstSeenMillis = Long.MAX_VALUE;
    private long lastSeenMillis = Long.MIN_VALUE;
    private Set<Evidence> evidence = Set.of();
    private long mostProcesses;
    private List<ProcessId> processes = List.of();
    private boolean any;
    private final Moment latest = new Moment();
    private final Moment latestRtt = new Moment();

    /** Which of two rows is the later: by minute, then by last sign of life, then by incarnation. */
    private static final class Moment {
        private boolean any;
        private long minute;
        private long lastSeenMillis;
        private long incarnation;

        /** Takes this moment for the latest unless an earlier row was later. */
        boolean isPassedBy(long otherMinute, long otherLastSeen, long otherIncarnation) {
            int order = any ? Long.compare(otherMinute, minute) : 1;
            order = order == 0 ? Long.compare(otherLastSeen, lastSeenMillis) : order;
            order = order == 0 ? Long.compare(otherIncarnation, incarnation) : order;
            if (order <= 0) {
                return false;
            }
            any = true;
            minute = otherMinute;
            lastSeenMillis = otherLastSeen;
            incarnation = otherIncarnation;
            return true;
        }
    }

    /** Whether there was any row. */
    public boolean any() {
        return any;
    }

    /**
     * A row that tells of the minutes up to one.
     *
     * @param incarnation which of two rows of one minute is the later, if both end at the same moment
     */
    public void add(long incarnation, Observation row) {
        ObservationRow counts = new ObservationRow();
        counts.set(row);
        add(row.minute(), incarnation, counts);
        add(row.evidence(), row.processes(), row.moreProcesses());
    }

    /** Who else stood behind it, in minutes whose rows name nobody. */
    public Sums with(Collection<ProcessId> holders) {
        processes = united(processes, List.copyOf(holders));
        return this;
    }

    void add(long minute, long incarnation, ObservationRow row) {
        any = true;
        opened = FlowTotals.sum(opened, row.opened);
        closed = FlowTotals.sum(closed, row.closed);
        failed = FlowTotals.sum(failed, row.failed);
        retransmits = FlowTotals.sum(retransmits, row.retransmits);
        if (row.hasTraffic) {
            hasTraffic = true;
            clientBytes = FlowTotals.sum(clientBytes, row.clientBytes);
            serverBytes = FlowTotals.sum(serverBytes, row.serverBytes);
        }
        if (latest.isPassedBy(minute, row.lastSeenMillis, incarnation)) {
            active = row.active;
        }
        if (row.rttMicros > 0 && latestRtt.isPassedBy(minute, row.lastSeenMillis, incarnation)) {
            rttMicros = row.rttMicros;
        }
        firstSeenMillis = Math.min(firstSeenMillis, row.firstSeenMillis);
        lastSeenMillis = Math.max(lastSeenMillis, row.lastSeenMillis);
    }

    /** What proved a row's role, and who stood behind it. */
    void add(Set<Evidence> proofs, List<ProcessId> holders, long moreHolders) {
        evidence = Evidence.union(evidence, proofs);
        mostProcesses = Math.max(mostProcesses, Math.min(moreHolders, MORE_MAX) + holders.size());
        processes = united(processes, holders);
    }

    private static List<ProcessId> united(List<ProcessId> some, List<ProcessId> others) {
        if (some.equals(others) || others.isEmpty()) {
            return some;
        }
        if (some.isEmpty() && others.size() == 1) {
            return others;
        }
        TreeSet<ProcessId> all = new TreeSet<>();
        all.addAll(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    /** What the rows come to. */
    public FlowTotals totals(Flow flow) {
        return new FlowTotals(
                flow,
                opened,
                closed,
                failed,
                active,
                hasTraffic ? new Traffic(clientBytes, serverBytes) : null,
                rttMicros,
                retransmits,
                firstSeenMillis,
                lastSeenMillis,
                evidence,
                processes,
                Math.max(0, mostProcesses - processes.size()));
    }
}
