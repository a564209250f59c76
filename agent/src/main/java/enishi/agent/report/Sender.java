package enishi.agent.report;

import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolRecord;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends what is spooled, oldest first, on one platform thread of its own. A report leaves the spool when the server has
 * acknowledged it or refused it for good; in every other case the same report is tried again after a pause, or as soon
 * as there is another way to the server.
 */
public final class Sender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sender.class.getName());
    private static final long IDLE_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 2_000;
    private final Spool spool;
    private final Post post;
    private final InstantSource clock;
    private final Backoff backoff = new Backoff(new Random());
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Pause pause;
    private final Thread thread =
            Thread.ofPlatform().name("enishi-sender").daemon().unstarted(this::run);
    private volatile SenderState state = new SenderState(0, "");

    public Sender(Spool spool, Post post, InstantSource clock) {
        this.spool = spool;
        this.post = post;
        this.clock = clock;
        pause = this::sleep;
    }

    Sender(Spool spool, Post post, InstantSource clock, Pause pause) {
        this.spool = spool;
        this.post = post;
        this.clock = clock;
        this.pause = pause;
    }

    public void start() {
        thread.start();
    }

    public SenderState state() {
        return state;
    }

    /** Sends the rest while the server takes it, for so long at most, and stops. What is left stays in the spool. */
    public void finish(long millis) throws InterruptedException {
        stopping.countDown();
        spool.stopWaiting();
        thread.join(millis);
    }

    @Override
    public void close() {
        stopping.countDown();
        thread.interrupt();
    }

    private void run() {
        try {
            boolean goOn = true;
            while (goOn) {
                Optional<SpoolRecord> next = isStopping() ? spool.peek() : spool.await(IDLE_MILLIS);
                if (next.isPresent()) {
                    long waitMillis = attempt(next.get());
                    if (waitMillis > 0) {
                        pause.untilOver(waitMillis);
                        goOn = !isStopping();
                    }
                } else {
                    goOn = !isStopping();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "sending was interrupted; what is left stays in the spool");
        }
    }

    /** Tries once; gives how long to wait before the next attempt, 0 for not at all. */
    long attempt(SpoolRecord record) {
        return switch (post.send(record.bytes())) {
            case Delivery.Accepted accepted -> {
                spool.acknowledge(record);
                succeeded();
                yield 0;
            }
            case Delivery.Refused refused -> {
                spool.refuse(record);
                failed("a report was refused for good and set aside: " + refused.because());
                backoff.reset();
                yield 0;
            }
            case Delivery.Busy busy -> {
                failed("the server is busy");
                yield backoff.afterMillis(busy.retryAfterMillis());
            }
            case Delivery.Unreachable unreachable -> {
                failed("the server cannot be reached: " + unreachable.because());
                yield backoff.nextMillis();
            }
            case Delivery.NotAllowed notAllowed -> {
                failed("the server does not take reports with this token: " + notAllowed.because());
                yield backoff.nextMillis();
            }
        };
    }

    private void succeeded() {
        if (!state.lastError().isEmpty()) {
            LOG.log(Level.INFO, "reports reach the server again");
        }
        backoff.reset();
        state = new SenderState(clock.millis(), "");
    }

    /** One line for each change of cause, not for each attempt. */
    private void failed(String because) {
        if (!state.lastError().equals(because)) {
            LOG.log(Level.WARNING, "{0}", because);
        }
        state = new SenderState(state.lastAcknowledgedAtMillis(), because);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Until it is over, the sender is to stop, or the way to the server is another. */
    private void sleep(long millis) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (left > 0 && !stopping.await(Math.min(left, LOOK_MILLIS), TimeUnit.MILLISECONDS)) {
            if (post.hasChanged()) {
                backoff.reset();
                return;
            }
            left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        }
    }
}
