package enishi.agent.container;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** How long a thread that must not be held up may wait: a tenth of the time, saved up to a second. */
final class Waiting {
    private static final long SAVED_MAX_MILLIS = 1_000;
    private static final long SHARE = 10;
    private final LongSupplier clockMillis;
    private long savedMillis = SAVED_MAX_MILLIS;
    private long countedMillis;

    Waiting(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
        countedMillis = clockMillis.getAsLong();
    }

    /** Waits for notices of a monitor that the caller holds until something is so, as long as may be. */
    @SuppressWarnings("WaitNotInLoop") // the loop is here
    void until(Object monitor, BooleanSupplier isSo) {
        save();
        long begunMillis = clockMillis.getAsLong();
        long untilMillis = begunMillis + savedMillis;
        try {
            for (long now = begunMillis; !isSo.getAsBoolean() && now < untilMillis; now = clockMillis.getAsLong()) {
                monitor.wait(untilMillis - now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        savedMillis -= clockMillis.getAsLong() - begunMillis;
    }

    private void save() {
        long now = clockMillis.getAsLong();
        long gained = (now - countedMillis) / SHARE;
        countedMillis += gained * SHARE;
        savedMillis = Math.min(SAVED_MAX_MILLIS, savedMillis + gained);
    }
}
