package enishi.server.ingest;

import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the reports received: {@code received == stored + refused + failed + waiting}. A refused report will
 * never be taken; a failed one may be sent again.
 */
public final class IngestCounters {
    final LongAdder received = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder observations = new LongAdder();

    public long received() {
        return received.sum();
    }

    public long stored() {
        return stored.sum();
    }

    public long refused() {
        return refused.sum();
    }

    public long failed() {
        return failed.sum();
    }

    /** Observations in the reports stored. */
    public long observations() {
        return observations.sum();
    }
}
