package enishi.agent.capture;

import enishi.model.HostAddress;
import enishi.model.Rung;
import java.util.List;

/**
 * One rung of the ladder at work. Used by one thread only. A poll delivers everything that changed since the last one:
 * listeners before connections, so that whoever folds knows the listeners first.
 */
public sealed interface CaptureRung extends AutoCloseable permits Ebpf, SockDiag, Proc {
    Rung rung();

    /**
     * Reads the kernel once and drains what it noted since the last poll.
     *
     * @param counters whether this poll must tell counters, rather than when it next would; a rung that has none
     *     takes no notice
     * @throws CaptureException if this poll could not be read; the next may
     */
    void poll(CaptureSink sink, boolean counters) throws CaptureException;

    /**
     * Every connection opened before this moment has been delivered, wall clock, as far as a good poll shows it: later
     * than the last poll where each poll shows all there is.
     */
    long deliveredMillis();

    /** Counts since the start of this rung. */
    CaptureCounters counters();

    /** The addresses this host answers to, per network namespace; refreshed about once a minute. */
    List<HostAddress> addresses();

    /** The ports that clients in a network namespace get. */
    PortRange ephemeralPorts(long namespace);

    /** What this rung, with this privilege, cannot see, and how to see it; a sentence each. */
    List<String> limits();

    /** How connections to unix sockets are known on this rung, or why they are not. */
    String unix();

    /** How what this host translates is known on this rung, or why it is not. */
    String nat();

    @Override
    void close();
}
