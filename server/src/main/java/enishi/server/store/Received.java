package enishi.server.store;

import enishi.model.Report;

/** A report and when it arrived, server's wall clock, milliseconds since the epoch. */
public record Received(Report report, long receivedAtMillis) {

    /** The host's clock minus the server's, less what the report took to arrive, also if it waited in a spool. */
    public long clockOffsetMillis() {
        return report.sentAtMillis() - receivedAtMillis;
    }
}
