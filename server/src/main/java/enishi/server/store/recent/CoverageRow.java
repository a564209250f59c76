package enishi.server.store.recent;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.server.store.HostCoverage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was watched in one minute. Usual is: every second of it, and of what is counted nothing but what was seen. */
final class CoverageRow extends Row {
    private static final int HAS_WATCHED = 1;
    private static final int HAS_LOST = 2;
    private static final int HAS_DROPPED = 4;
    private static final int HAS_UNKNOWN_OWNER = 8;
    private static final int HAS_UNSEEN_PEERS = 16;
    private static final int HAS_UNACCOUNTED = 32;
    private static final int HAS_CLOCK_OFFSET = 64;
    private static final List<Rung> RUNGS = List.of(Rung.values());

    private long watched;
    private long seen;
    private long lost;
    private long dropped;
    private long unknownOwner;
    private long unseenPeers;
    private long unaccounted;
    private @Nullable Long clockOffsetMillis;

    void set(Coverage coverage, @Nullable Long clockOffset) {
        small = RUNGS.indexOf(coverage.rung());
        watched = coverage.watchedSeconds();
        seen = coverage.seen();
        lost = coverage.lost();
        dropped = coverage.dropped();
        unknownOwner = coverage.unknownOwner();
        unseenPeers = coverage.unseenPeers();
        unaccounted = coverage.unaccounted();
        clockOffsetMillis = clockOffset;
    }

    HostCoverage of(HostId host, long slotMinute) {
        Coverage coverage = new Coverage(
                slotMinute + minute,
                RUNGS.get(small),
                watched,
                seen,
                lost,
                dropped,
                unknownOwner,
                unseenPeers,
                unaccounted);
        return new HostCoverage(host, 1, coverage, clockOffsetMillis);
    }

    @Override
    void readRest(long slotMinute) {
        watched = optional(HAS_WATCHED, Coverage.WHOLE_MINUTE);
        seen = number();
        lost = optional(HAS_LOST, 0);
        dropped = optional(HAS_DROPPED, 0);
        unknownOwner = optional(HAS_UNKNOWN_OWNER, 0);
        unseenPeers = optional(HAS_UNSEEN_PEERS, 0);
        unaccounted = optional(HAS_UNACCOUNTED, 0);
        clockOffsetMillis = (has & HAS_CLOCK_OFFSET) != 0 ? zigzag() : null;
    }

    @Override
    void writeRest(long slotMinute) {
        optional(HAS_WATCHED, watched, Coverage.WHOLE_MINUTE);
        number(seen);
        optional(HAS_LOST, lost, 0);
        optional(HAS_DROPPED, dropped, 0);
        optional(HAS_UNKNOWN_OWNER, unknownOwner, 0);
        optional(HAS_UNSEEN_PEERS, unseenPeers, 0);
        optional(HAS_UNACCOUNTED, unaccounted, 0);
        if (clockOffsetMillis != null) {
            has |= HAS_CLOCK_OFFSET;
            zigzag(clockOffsetMillis);
        }
    }
}
