package enishi.server.ingest;

import enishi.model.HostId;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often one host may report: a bucket that fills by some reports a second up to a burst. */
final class Rate {
    private static final double PER_SECOND = 20;
    private static final double BURST = 600;
    private static final int HOSTS_MAX = 100_000;
    private final InstantSource clock;
    private final Map<HostId, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HostId, Bucket> eldest) {
            return size() > HOSTS_MAX;
        }
    };

    private record Bucket(double left, long atMillis) {}

    Rate(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean allows(HostId host) {
        long now = clock.millis();
        Bucket bucket = buckets.getOrDefault(host, new Bucket(BURST, now));
        double filled = Math.min(BURST, bucket.left() + PER_SECOND * Math.max(0, now - bucket.atMillis()) / 1000.0);
        buckets.put(host, new Bucket(Math.max(0, filled - 1), now));
        return filled >= 1;
    }
}
