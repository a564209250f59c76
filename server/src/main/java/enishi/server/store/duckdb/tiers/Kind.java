package enishi.server.store.duckdb.tiers;

/** What is rolled up: its slots of minute rows, and the numbers of its tiers, which are kept for good. */
public enum Kind {
    /** One row per flow, minute and report: {@code minute} since the epoch, absolute counts. */
    FLOW(
            "minute_",
            1,
            2,
            "host INTEGER, flow INTEGER, minute BIGINT, incarnation BIGINT, sequence BIGINT, opened BIGINT,"
                    + " closed BIGINT, failed BIGINT, active BIGINT, client_bytes BIGINT, server_bytes BIGINT,"
                    + " rtt_micros INTEGER, retransmits BIGINT, first_seen BIGINT, last_seen BIGINT,"
                    + " evidence SMALLINT, pids INTEGER[], starts BIGINT[], more_processes BIGINT"),
    /** One row per host, minute and report: bit n of {@code watched} for second n, absolute counts. */
    COVERAGE(
            "coverage_",
            4,
            5,
            "host INTEGER, minute BIGINT, incarnation BIGINT, sequence BIGINT, rung SMALLINT, watched BIGINT,"
                    + " seen BIGINT, lost BIGINT, dropped BIGINT, unknown_owner BIGINT, unseen_peers BIGINT,"
                    + " unaccounted BIGINT, clock_offset BIGINT");

    final String prefix;
    final int hourTier;
    final int dayTier;
    private final String columns;

    Kind(String prefix, int hourTier, int dayTier, String columns) {
        this.prefix = prefix;
        this.hourTier = hourTier;
        this.dayTier = dayTier;
        this.columns = columns;
    }

    /** The name of the slot of an hour. */
    String slot(long hour) {
        return prefix + hour;
    }

    /** Makes the slot of an hour where there is none. */
    String create(long hour) {
        return "CREATE TABLE IF NOT EXISTS " + slot(hour) + "(" + columns + ")";
    }
}
