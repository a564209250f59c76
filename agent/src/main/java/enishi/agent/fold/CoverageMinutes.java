package enishi.agent.fold;

import enishi.agent.capture.CaptureCounters;
import enishi.model.Coverage;
import enishi.model.Rung;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What was watched, minute by minute: absolute counts of this run, as differences of counters that only grow. */
final class CoverageMinutes {
    private static final long WATCHED_AT_ONCE_MILLIS_MAX = 5_000;
    private final TreeMap<Long, Coverage> minutes = new TreeMap<>();
    private CaptureCounters before = new CaptureCounters(0, 0, 0, 0);
    private long unknownBefore;
    private long droppedBefore;

    /**
     * Marks the time between two good polls as watched, unless it is so long that the agent was not running.
     *
     * @param fromMillis the poll before, wall clock
     * @param toMillis this poll
     */
    void watched(long fromMillis, long toMillis, Rung rung) {
        boolean together = fromMillis <= toMillis && toMillis - fromMillis <= WATCHED_AT_ONCE_MILLIS_MAX;
        for (long second = Math.floorDiv(together ? fromMillis : toMillis, 1000L);
                second <= Math.floorDiv(toMillis, 1000L);
                second++) {
            long bit = 1L << Math.floorMod(second, 60L);
            change(
                    Math.floorDiv(second, 60L),
                    rung,
                    old -> new Coverage(
                            old.minute(),
                            rung,
                            old.watchedSeconds() | bit,
                            old.seen(),
                            old.lost(),
                            old.dropped(),
                            old.unknownOwner(),
                            old.unseenPeers()));
        }
    }

    /** Adds what the counters grew by since the last call. */
    void counted(long minute, Rung rung, CaptureCounters now, long unknownOwner, long dropped) {
        change(
                minute,
                rung,
                old -> new Coverage(
                        minute,
                        rung,
                        old.watchedSeconds(),
                        old.seen() + now.seen() - before.seen(),
                        old.lost() + now.lost() - before.lost(),
                        old.dropped() + dropped - droppedBefore,
                        old.unknownOwner() + unknownOwner - unknownBefore,
                        Math.max(old.unseenPeers(), now.unseenPeers())));
        before = now;
        unknownBefore = unknownOwner;
        droppedBefore = dropped;
    }

    private void change(long minute, Rung rung, java.util.function.UnaryOperator<Coverage> how) {
        Coverage old = minutes.getOrDefault(minute, new Coverage(minute, rung, 0, 0, 0, 0, 0, 0));
        minutes.put(minute, how.apply(old));
    }

    /** Every minute since the last flush; those before the one that lasts are then forgotten. */
    List<Coverage> flush(long minute) {
        List<Coverage> all = new ArrayList<>(minutes.values());
        minutes.keySet().removeIf(each -> each != minute);
        return all;
    }
}
