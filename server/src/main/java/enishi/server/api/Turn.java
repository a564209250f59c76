package enishi.server.api;

import io.helidon.http.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A question's turn to read everything. Only one does at a time: it takes all processors anyway, and two would take
 * twice the memory.
 */
final class Turn implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private final Semaphore one;
    private boolean taken;

    /** @param one what all who may want to read everything share */
    Turn(Semaphore one) {
        this.one = one;
    }

    /** Waits for it; nothing if it is taken already. It is given back in the end. */
    void take() {
        try {
            taken = taken || one.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new Refusal(
                    Status.SERVICE_UNAVAILABLE_503,
                    "others have asked about everything for " + PATIENCE_SECONDS + " s; ask again, or about one node");
        }
    }

    @Override
    public void close() {
        if (taken) {
            taken = false;
            one.release();
        }
    }
}
