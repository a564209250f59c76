package enishi.agent;

import enishi.agent.capture.CaptureException;
import enishi.agent.capture.CaptureRung;
import enishi.agent.fold.FlowTable;
import enishi.agent.fold.Folded;
import enishi.agent.process.Owners;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Polls each second, folds, searches owners and flushes. One poll is one {@link #step}; {@link #run} is the thread that
 * steps. A poll that cannot be read leaves its second unwatched and never ends the loop.
 */
final class CaptureLoop {
    private static final Logger LOG = System.getLogger(CaptureLoop.class.getName());
    private static final long POLL_MILLIS = 1_000;
    private static final long NEWS_MILLIS = 1_000;
    private final CaptureRung rung;
    private final Owners owners;
    private final Consumer<Folded> sink;
    private final Timing timing;
    private final FlowTable table;
    private volatile boolean stopped;
    private final AtomicLong polls = new AtomicLong();
    private long lastGoodMillis = Long.MAX_VALUE;
    private long lastFlushMillis;
    private String lastComplaint = "";

    /**
     * When things happen.
     *
     * @param clock wall clock
     * @param flushMillis how long counts stay in memory at most
     * @param restarted told when the wall clock ran backwards: minutes named before will be named again, so what
     *     follows belongs to a new incarnation
     * @param polled told after each poll, on the thread that polls
     */
    record Timing(InstantSource clock, long flushMillis, Runnable restarted, Runnable polled) {}

    CaptureLoop(CaptureRung rung, Owners owners, FlowTable table, Consumer<Folded> sink, Timing timing) {
        this.rung = rung;
        this.owners = owners;
        this.sink = sink;
        this.timing = timing;
        this.table = table;
        this.lastFlushMillis = timing.clock().millis();
    }

    long polls() {
        return polls.get();
    }

    /** Steps until stopped, then flushes once more. */
    void run() {
        long nextNanos = System.nanoTime();
        while (!stopped) {
            step();
            nextNanos = Math.max(nextNanos + POLL_MILLIS * 1_000_000, System.nanoTime());
            awaitUntil(nextNanos);
        }
        step();
        flush(timing.clock().millis());
    }

    private synchronized void awaitUntil(long nanos) {
        long left = nanos - System.nanoTime();
        while (!stopped && left > 0) {
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                stopped = true;
            }
            left = nanos - System.nanoTime();
        }
    }

    /** Ends {@link #run} soon. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** One poll: read, fold, search, and flush if it is time. */
    void step() {
        long now = timing.clock().millis();
        if (lastGoodMillis != Long.MAX_VALUE && Math.floorDiv(now, 60_000L) < Math.floorDiv(lastGoodMillis, 60_000L)) {
            flush(lastGoodMillis);
            table.beginIncarnation(now);
            timing.restarted().run();
            lastGoodMillis = Long.MAX_VALUE;
        }
        table.beginPoll(now);
        try {
            rung.poll(table, table.wantsCounters());
            owners.search();
            table.endPoll();
            table.watched(timing.clock().millis(), rung.rung(), rung.counters(), rung.deliveredMillis());
            lastGoodMillis = now;
            polls.incrementAndGet();
            lastComplaint = "";
        } catch (CaptureException e) {
            complain(String.valueOf(e.getMessage()));
        }
        boolean minuteEnded = Math.floorDiv(now, 60_000L) != Math.floorDiv(lastFlushMillis, 60_000L);
        long dueMillis = table.hasNews() ? NEWS_MILLIS : timing.flushMillis();
        if (minuteEnded || now - lastFlushMillis >= Math.min(dueMillis, timing.flushMillis())) {
            flush(now);
        }
        timing.polled().run();
    }

    /** Says it once, however often it goes on. */
    private void complain(String complaint) {
        if (!complaint.equals(lastComplaint)) {
            LOG.log(Level.WARNING, complaint);
            lastComplaint = complaint;
        }
    }

    private void flush(long now) {
        Folded folded = table.flush();
        if (!folded.isEmpty()) {
            sink.accept(folded);
        }
        lastFlushMillis = now;
    }
}
