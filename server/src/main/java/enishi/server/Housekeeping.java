package enishi.server;

import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.server.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Rolls up the store each minute on a thread of its own, and says once what keeps it from that. */
final class Housekeeping implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("enishi.server");
    private static final long CLOSING_SECONDS_MAX = 20;
    private final Store store;
    private final Retention retention;
    private final InstantSource clock;
    private final AtomicLong failures = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("housekeeping").daemon().unstarted(this::run);
    private volatile long minutesFrom;
    private String complaint = "";

    private Housekeeping(Store store, Retention retention, InstantSource clock) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        minutesFrom = store.kept().minutesFrom();
    }

    static Housekeeping start(Store store, Retention retention, InstantSource clock) {
        Housekeeping started = new Housekeeping(store, retention, clock);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            do {
                keep();
            } while (!stopping.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "rolling up ends here; the next start goes on with it");
        }
    }

    private void keep() {
        try {
            store.rollUp(retention, clock.instant());
            minutesFrom = store.kept().minutesFrom();
            complaint = "";
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            String now = e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString();
            if (!now.equals(complaint)) {
                LOG.log(System.Logger.Level.WARNING, "{0}; tried again each minute", now);
            }
            complaint = now;
        }
    }

    /**
     * The first minute of which minute rows are kept and may still come: an hour less than they are kept, so that
     * what is received now is stored before its slot is dropped.
     */
    long minutesFrom() {
        long oldest = Math.floorDiv(clock.instant().getEpochSecond(), 3_600L) - retention.minuteHours() + 1;
        return Math.max(minutesFrom, oldest * 60);
    }

    /** How often it failed. */
    long failures() {
        return failures.get();
    }

    /** Lets the step that is being done come to its end; the next start goes on from there. */
    @Override
    public void close() {
        stopping.countDown();
        thread.interrupt();
        try {
            if (!thread.join(Duration.ofSeconds(CLOSING_SECONDS_MAX))) {
                LOG.log(System.Logger.Level.WARNING, "rolling up goes on; the next start does it anew");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
