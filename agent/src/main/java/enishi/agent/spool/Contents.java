package enishi.agent.spool;

import java.util.Optional;

/** What the spool need not know about the reports it keeps. Called while the spool is locked: never calls back. */
public interface Contents {

    /** This report will never reach the server. */
    void dropped(byte[] report);

    /** Begins to fold one segment. */
    Folding folding();

    /**
     * The fold of one segment, in two passes over its reports, oldest first: first each is noted, then each gives what
     * no later one says again.
     */
    interface Folding {
        void note(SpoolRecord report);

        /** What must be kept of it, or empty for nothing. */
        Optional<byte[]> rest(SpoolRecord report);
    }
}
