package enishi.server.store;

import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.ProcessId;
import enishi.model.Traffic;
import enishi.model.Transport;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A flow and its sums over the minutes of a window.
 *
 * @param opened connections established within the window
 * @param closed established connections that ended within it
 * @param failed connections asked for and never established
 * @param active connections open in the last minute of the window in which the flow was observed
 * @param traffic bytes moved, or null where no minute knew
 * @param rttMicros the last measured, microseconds; 0 where none was
 * @param firstSeenMillis first sign of life within the window, milliseconds since the epoch
 * @param lastSeenMillis last sign of life within the window
 * @param processes who stood behind it as far as any minute named them, by pid and start
 * @param moreProcesses how many more there were, at least: the most of any one minute, less those named
 */
public record FlowTotals(
        Flow flow,
        long opened,
        long closed,
        long failed,
        long active,
        @Nullable Traffic traffic,
        int rttMicros,
        long retransmits,
        long firstSeenMillis,
        long lastSeenMillis,
        Set<Evidence> evidence,
        List<ProcessId> processes,
        long moreProcesses) {
    public FlowTotals {
        evidence = Set.copyOf(evidence);
        processes = List.copyOf(processes);
    }

    /** These sums and those of a later part of the window, during which the same flow was present. */
    public FlowTotals then(FlowTotals later) {
        TreeSet<ProcessId> all = new TreeSet<>();
        all.addAll(processes);
        all.addAll(later.processes);
        long most = Math.max(moreProcesses + processes.size(), later.moreProcesses + later.processes.size());
        return new FlowTotals(
                flow,
                sum(opened, later.opened),
                sum(closed, later.closed),
                sum(failed, later.failed),
                later.active,
                sum(traffic, later.traffic),
                later.rttMicros == 0 ? rttMicros : later.rttMicros,
                sum(retransmits, later.retransmits),
                Math.min(firstSeenMillis, later.firstSeenMillis),
                Math.max(lastSeenMillis, later.lastSeenMillis),
                Evidence.union(evidence, later.evidence),
                List.copyOf(all),
                Math.max(0, most - all.size()));
    }

    /** These sums and those of another flow at the same time, told as one. */
    public FlowTotals beside(FlowTotals other, Flow both) {
        FlowTotals sums = lastSeenMillis <= other.lastSeenMillis ? then(other) : other.then(this);
        return new FlowTotals(
                both,
                sums.opened,
                sums.closed,
                sums.failed,
                sum(active, other.active),
                sums.traffic,
                sums.rttMicros,
                sums.retransmits,
                sums.firstSeenMillis,
                sums.lastSeenMillis,
                sums.evidence,
                sums.processes,
                sums.moreProcesses);
    }

    private static @Nullable Traffic sum(@Nullable Traffic one, @Nullable Traffic other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new Traffic(sum(one.clientBytes(), other.clientBytes()), sum(one.serverBytes(), other.serverBytes()));
    }

    /** Counts are never negative, but may be hostile; a sum that would not fit stays at the largest. */
    public static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /**
     * Whether nothing was ever established within the window: attempts, not a dependency. A UDP socket without a peer
     * of its own is counted when it first talks to one; that it goes on is told by proof alone.
     */
    public boolean isAttempt() {
        boolean goesOn = flow.transport() == Transport.UDP && failed == 0 && !evidence.isEmpty();
        return opened == 0 && closed == 0 && active == 0 && !goesOn;
    }
}
