package enishi.agent.report;

/** What became of one attempt to deliver a report. */
public sealed interface Delivery {

    /** The server has it, durably. */
    record Accepted() implements Delivery {}

    /**
     * The server is there and asks for time.
     *
     * @param retryAfterMillis how long, or 0 if it does not say
     */
    record Busy(long retryAfterMillis) implements Delivery {}

    /** Nobody answered, or the answer was no answer. */
    record Unreachable(String because) implements Delivery {}

    /** The server will never take this report. */
    record Refused(String because) implements Delivery {}

    /** The token is not good for this: the operator mends it, the report waits. */
    record NotAllowed(String because) implements Delivery {}
}
