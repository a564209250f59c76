package enishi.agent.capture;

import enishi.model.Rung;
import java.util.function.Consumer;

/**
 * One rung of the ladder at work. Used by one thread only. A poll delivers everything that changed since the last one:
 * listeners before connections, so that whoever folds knows the listeners first.
 *
 * <p>{@code delivered == seen} sockets first seen, plus changes and ends; what the kernel dropped before we could read it
 * is {@code lost}.
 */
public interface CaptureRung extends AutoCloseable {
    Rung rung();

    /**
     * Reads the kernel once and drains what it noted since the last poll.
     *
     * @throws CaptureException if this poll could not be read; the next may
     */
    void poll(Consumer<? super Capture> sink) throws CaptureException;

    /** Counts since the start of this rung. */
    CaptureCounters counters();

    @Override
    void close();
}
