package enishi.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One flow in one minute, as absolute counts: a later observation of the same flow, minute and incarnation replaces an
 * earlier one, so that delivery may repeat and reorder while the effect is exactly once.
 *
 * @param minute minutes since the epoch, wall clock
 * @param opened connections established within the minute
 * @param closed established connections that ended within the minute
 * @param failed connections asked for within the minute that were never established
 * @param active connections open at the end of the minute, or now while it lasts
 * @param traffic bytes moved within the minute, or null where this rung cannot know
 * @param rttMicros smoothed round-trip time last measured, microseconds; 0 where none was
 * @param retransmits segments sent again within the minute
 * @param firstSeenMillis wall clock, milliseconds since the epoch, of the first sign of life within the minute
 * @param lastSeenMillis likewise of the last
 * @param evidence what proved the role, over the connections of the minute
 * @param processes who stood behind it, at most {@link #PROCESSES_MAX}
 * @param moreProcesses how many more there were
 */
public record Observation(
        long minute,
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
    public static final int PROCESSES_MAX = 16;

    public Observation {
        evidence = Set.copyOf(evidence);
        processes = List.copyOf(processes);
        if (processes.size() > PROCESSES_MAX) {
            throw new IllegalArgumentException("at most 16 processes a flow and minute, not " + processes.size());
        }
    }

    /** Whether nothing was ever established: an attempt, not a dependency. */
    public boolean isAttempt() {
        return opened == 0 && closed == 0 && active == 0;
    }
}
