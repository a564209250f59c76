package enishi.agent.report;

/** The way of one report to the server. */
@FunctionalInterface
public interface Post {

    /** Tries once, within a bounded time. */
    Delivery send(byte[] report);
}
