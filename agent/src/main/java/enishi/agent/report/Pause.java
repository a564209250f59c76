package enishi.agent.report;

/** Waiting between two attempts. A clock of a test can be put in its place. */
@FunctionalInterface
public interface Pause {

    /** Returns after so long, or at once when the sender is to stop. */
    void untilOver(long millis) throws InterruptedException;
}
