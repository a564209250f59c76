package enishi.agent.fold;

import enishi.agent.capture.CaptureCounters;
import enishi.model.Coverage;
import enishi.model.Rung;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What was watched, minute by minute: absolute counts of this run, as differences of counters that only grow.
 *
 * <p>A second is claimed when it is over and every connection opened in it is counted: never in part, never before its
 * counts, and not before the first poll of an unbroken run has ended, since what that one shows may be older.
 */
final class CoverageMinutes {
    private static final long BETWEEN_POLLS_MILLIS_MAX = 5_000;
    private static final long NEVER = Long.MIN_VALUE;
    private final TreeMap<Long, Coverage> minutes = new TreeMap<>();
    private final Set<Long> changed = new HashSet<>();
    private CaptureCounters before = new CaptureCounters(0, 0, 0, 0, 0, 0);
    private long countedMinute = NEVER;
    private long goneBeforeMinute;
    private long unknownBefore;
    private long droppedBefore;
    private long lastBeganMillis = NEVER;
    private long nextSecond;

    /**
     * When a good poll was, wall clock.
     *
     * @param beganMillis everything opened before is shown by it
     * @param endedMillis when it had been read
     */
    record Poll(long beganMillis, long endedMillis) {}

    /**
     * Claims the seconds that are known by now.
     *
     * @param countedMillis every connection opened before is counted in its flow
     */
    void watched(Poll poll, long countedMillis, Rung rung) {
        long since = poll.beganMillis() - lastBeganMillis;
        if (lastBeganMillis == NEVER || since < 0 || since > BETWEEN_POLLS_MILLIS_MAX) {
            nextSecond = Math.ceilDiv(poll.endedMillis(), 1000L);
        }
        lastBeganMillis = poll.beganMillis();
        for (; (nextSecond + 1) * 1000 <= Math.min(poll.beganMillis(), countedMillis); nextSecond++) {
            long bit = 1L << Math.floorMod(nextSecond, 60L);
            change(
                    Math.floorDiv(nextSecond, 60L),
                    rung,
                    old -> new Coverage(
                            old.minute(),
                            rung,
                            old.watchedSeconds() | bit,
                            old.seen(),
                            old.lost(),
                            old.dropped(),
                            old.unknownOwner(),
                            old.unseenPeers(),
                            old.unaccounted()));
        }
    }

    /** Adds what the counters grew by since the last call. */
    void counted(long minute, Rung rung, CaptureCounters now, long unknownOwner, long dropped) {
        if (minute != countedMinute) {
            countedMinute = minute;
            goneBeforeMinute = before.unseenPeersGone();
        }
        long unseenPeers = now.unseenPeers() + now.unseenPeersGone() - goneBeforeMinute;
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
                        Math.max(old.unseenPeers(), unseenPeers),
                        old.unaccounted() + now.unaccounted() - before.unaccounted()));
        before = now;
        unknownBefore = unknownOwner;
        droppedBefore = dropped;
    }

    private void change(long minute, Rung rung, UnaryOperator<Coverage> how) {
        Coverage old = minutes.getOrDefault(minute, new Coverage(minute, rung, 0, 0, 0, 0, 0, 0, 0));
        Coverage now = how.apply(old);
        if (!now.equals(old)) {
            minutes.put(minute, now);
            changed.add(minute);
        }
    }

    /** Every minute that changed since the last flush; those that will not change any more are then forgotten. */
    List<Coverage> flush(long minute) {
        List<Coverage> all = new ArrayList<>();
        minutes.values().stream()
                .filter(each -> changed.contains(each.minute()))
                .forEach(all::add);
        changed.clear();
        minutes.keySet().removeIf(each -> each < minute && each < Math.floorDiv(nextSecond, 60L));
        return all;
    }

    /** Forgets all minutes: what follows may name them anew. */
    void beginIncarnation() {
        minutes.clear();
        changed.clear();
        lastBeganMillis = NEVER;
    }
}
