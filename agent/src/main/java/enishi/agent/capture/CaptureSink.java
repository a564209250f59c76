package enishi.agent.capture;

/** Where a rung delivers what it sees. */
@FunctionalInterface
public interface CaptureSink {

    /**
     * Takes what was seen.
     *
     * @return whether to follow the socket: one that is not followed is delivered anew by each dump that shows it, and
     *     by the notice of its end as if it had been short
     */
    boolean take(Capture capture);
}
