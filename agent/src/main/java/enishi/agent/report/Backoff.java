package enishi.agent.report;

import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: a random time between half of a limit and the limit, which doubles from 1 s
 * to 5 min. Random, so that hosts which lost the server together do not come back together.
 */
final class Backoff {
    static final long LEAST_MILLIS = 1_000;
    static final long MOST_MILLIS = 300_000;
    private final RandomGenerator random;
    private long limitMillis = LEAST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait after one more failure. */
    long nextMillis() {
        long wait = Math.max(LEAST_MILLIS, random.nextLong(limitMillis / 2, limitMillis + 1));
        limitMillis = Math.min(MOST_MILLIS, limitMillis * 2);
        return wait;
    }

    /** At least what the server asks for, and some more so that not all who were told the same come at once. */
    long afterMillis(long askedMillis) {
        return askedMillis == 0 ? nextMillis() : askedMillis + random.nextLong(askedMillis / 10 + 1);
    }

    void reset() {
        limitMillis = LEAST_MILLIS;
    }
}
