package enishi.agent.report;

/** The way of one report to the server. */
@FunctionalInterface
public interface Post {

    /** Tries once, within a bounded time. */
    Delivery send(byte[] report);

    /** Whether it would go another way now than at the last attempt, so that there is no reason to wait longer. */
    default boolean hasChanged() {
        return false;
    }
}
