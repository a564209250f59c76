package enishi.model;

import java.time.Instant;

/** A span of time asked about; from inclusive, to exclusive. It takes in every minute it overlaps. */
public record Window(Instant from, Instant to) {
    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a window ends after it begins, not " + from + " to " + to);
        }
    }

    /** The first minute overlapped, minutes since the epoch. */
    public long firstMinute() {
        return Math.floorDiv(from.getEpochSecond(), 60);
    }

    /** The last minute overlapped, minutes since the epoch. */
    public long lastMinute() {
        return Math.floorDiv(to.minusNanos(1).getEpochSecond(), 60);
    }
}
