package enishi.agent.capture;

/**
 * When to sweep: often while it is cheap, so that a new connection that stays shows within seconds, and never for more
 * than half a percent of a core, so that a host with a million open files does not notice; but each minute at least, or
 * as seldom as its maker allows.
 */
final class SweepRhythm {
    private static final long EVERY_MILLIS_LEAST = 2_000;
    private static final long EVERY_MILLIS_MOST = 60_000;
    private static final long SHARE = 200;
    private long sweptMillis = Long.MIN_VALUE;
    private final long leastMillis;
    private final long mostMillis;
    private long everyMillis;

    SweepRhythm() {
        this(EVERY_MILLIS_LEAST);
    }

    SweepRhythm(long leastMillis) {
        this(leastMillis, EVERY_MILLIS_MOST);
    }

    /**
     * One of a sweep of its own.
     *
     * @param leastMillis how long to wait at least, also at first
     * @param mostMillis how long at most: where it costs more than half a percent then, it does
     */
    SweepRhythm(long leastMillis, long mostMillis) {
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
    }

    boolean isDue(long nowMillis) {
        boolean backwards = nowMillis < sweptMillis;
        return sweptMillis == Long.MIN_VALUE || backwards || nowMillis - sweptMillis >= everyMillis;
    }

    /** Takes note of a sweep that began then and kept a processor busy for so long; waiting for one costs nobody. */
    void swept(long beganMillis, long cpuNanos) {
        sweptMillis = beganMillis;
        everyMillis = Math.clamp(cpuNanos * SHARE / 1_000_000, leastMillis, mostMillis);
    }

    long everyMillis() {
        return everyMillis;
    }
}
