package enishi.server.store.duckdb.tiers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Rolls minute rows up into hour rows and those into day rows, of flows and of coverage, each slot in a transaction of
 * its own that replaces what was rolled up before: a kill at any moment leaves a slot as it was or as it shall be.
 * Which slots are due follows from what the tables hold, so nothing is to be remembered over a restart.
 */
final class Sealing {
    private static final String SUMS =
            "opened BIGINT, closed BIGINT, failed BIGINT, active BIGINT, client_bytes BIGINT,"
                    + " server_bytes BIGINT, rtt_micros INTEGER, retransmits BIGINT, first_seen BIGINT,"
                    + " last_seen BIGINT, evidence SMALLINT, most_processes BIGINT";

    /** What of the schema is always there: one row a flow and day, processes as spans of minutes, what is sealed,
     * translations. */
    static final List<String> TABLES = List.of(
            "CREATE TABLE day(host INTEGER, flow INTEGER, day BIGINT, mask BIGINT, " + SUMS + ")",
            "CREATE TABLE process(host INTEGER, flow INTEGER, pid INTEGER, start BIGINT, first_minute BIGINT,"
                    + " last_minute BIGINT)",
            Watched.HOURS_TABLE,
            Watched.DAYS_TABLE,
            TranslationMasks.TABLE,
            "CREATE TABLE sealed(tier TINYINT, slot BIGINT, rows BIGINT)");

    /** In {@code sealed}: how many rows of listeners were left of those that count when they were folded. */
    private static final int LISTENERS = 6;

    private static final long ROWS_AT_ONCE = 1_000_000;
    private final Connection connection;

    Sealing(Connection connection) {
        this.connection = connection;
    }

    /** Hours that are over at this minute and whose hour rows do not tell all, oldest first. */
    static List<Long> hoursDue(Slots slots, long minute) {
        return slots.minuteRows().headMap(Slots.hourOf(minute)).keySet().stream()
                .filter(hour -> !slots.isSealed(hour))
                .toList();
    }

    /** Days that are over at this minute, all of whose hours are sealed, and whose day rows do not tell all. */
    static List<Long> daysDue(Slots slots, long minute) {
        List<Long> due = new ArrayList<>();
        long today = Slots.dayOf(Slots.hourOf(minute));
        slots.hourTables().headSet(today).forEach(day -> {
            if (!slots.isDaySealed(day) && slots.hoursOf(day).stream().allMatch(slots::isSealed)) {
                due.add(day);
            }
        });
        return due;
    }

    /** Days whose hours can change no more, for their minute rows are gone, and whose processes stand hour by hour. */
    static List<Long> daysToJoin(Slots slots) {
        return slots.sealedDays().keySet().stream()
                .filter(day -> !slots.joinedDays().contains(day))
                .filter(day -> slots.hoursOf(day).stream().noneMatch(slots::hasMinutes))
                .toList();
    }

    /** Makes the hour rows from the minute rows that are there now. */
    void sealHour(Kind kind, long hour) throws SQLException {
        List<String> statements = new ArrayList<>(
                switch (kind) {
                    case FLOW -> sealFlows(hour);
                    case COVERAGE -> Watched.sealHour(hour);
                });
        statements.add("DELETE FROM sealed WHERE tier = " + kind.hourTier + " AND slot = " + hour);
        statements.add(
                "INSERT INTO sealed SELECT " + kind.hourTier + ", " + hour + ", count(*) FROM " + kind.slot(hour));
        atOnce(statements);
    }

    /** Of some hosts after the other. */
    private List<String> sealFlows(long hour) throws SQLException {
        String table = Slots.hours(Slots.dayOf(hour));
        List<String> statements = new ArrayList<>(List.of(
                create(table),
                "DELETE FROM " + table + " WHERE hour = " + hour,
                "DELETE FROM process WHERE first_minute BETWEEN " + hour * Slots.MINUTES_AN_HOUR + " AND "
                        + ((hour + 1) * Slots.MINUTES_AN_HOUR - 1)));
        for (String hosts : hosts(hour)) {
            statements.addAll(seal(table, hour, hosts));
        }
        return statements;
    }

    /** Makes a table of hour rows where there is none. */
    static String create(String table) {
        return "CREATE TABLE IF NOT EXISTS " + table + "(host INTEGER, flow INTEGER, hour BIGINT, mask BIGINT, " + SUMS
                + ")";
    }

    private static List<String> seal(String table, long hour, String hosts) {
        String winners = "WITH rows AS NOT MATERIALIZED (SELECT rowid AS place, * FROM " + Kind.FLOW.slot(hour)
                + " WHERE " + hosts + "), winners AS (SELECT * FROM " + Totals.winners("rows") + ") ";
        return List.of(
                "INSERT INTO " + table + " BY NAME " + winners + "SELECT host, flow, " + hour
                        + " AS hour, bit_or(1::BIGINT << (minute - " + hour * Slots.MINUTES_AN_HOUR + ")) AS mask, "
                        + Totals.OF_MINUTES + " FROM winners GROUP BY host, flow ORDER BY host, flow",
                "INSERT INTO process BY NAME " + winners + "SELECT host, flow, pid, start, min(minute) AS first_minute,"
                        + " max(minute) AS last_minute FROM (SELECT host, flow, minute, unnest(pids) AS pid,"
                        + " unnest(starts) AS start FROM winners) GROUP BY host, flow, pid, start"
                        + " ORDER BY host, flow, pid");
    }

    /** Hosts in runs of numbers, as conditions, so that a run's rows can be folded in memory; the last is open. */
    private List<String> hosts(long hour) throws SQLException {
        List<String> runs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet size = statement.executeQuery(
                        "SELECT count(*), coalesce(max(host), 0) FROM " + Kind.FLOW.slot(hour))) {
            size.next();
            long width = size.getLong(2) / (size.getLong(1) / ROWS_AT_ONCE + 1) + 1;
            for (long from = 0; from <= size.getLong(2); from += width) {
                boolean last = from + width > size.getLong(2);
                runs.add("host >= " + from + (last ? "" : " AND host < " + (from + width)));
            }
        }
        return runs;
    }

    /** Makes the day rows from the hour rows. */
    void sealDay(Kind kind, long day, long minuteRows) throws SQLException {
        List<String> statements = new ArrayList<>(
                switch (kind) {
                    case FLOW -> sealFlowsOfDay(day);
                    case COVERAGE -> Watched.sealDay(day);
                });
        statements.add("DELETE FROM sealed WHERE tier = " + kind.dayTier + " AND slot = " + day);
        statements.add("INSERT INTO sealed VALUES (" + kind.dayTier + ", " + day + ", " + minuteRows + ")");
        atOnce(statements);
    }

    private static List<String> sealFlowsOfDay(long day) {
        return List.of(
                "DELETE FROM day WHERE day = " + day,
                "INSERT INTO day BY NAME SELECT host, flow, " + day + " AS day, bit_or(1::BIGINT << (hour - "
                        + day * Slots.HOURS_A_DAY + ")) AS mask, " + Totals.OF_HOURS + " FROM " + Slots.hours(day)
                        + " GROUP BY host, flow ORDER BY host, flow");
    }

    /**
     * Leaves of each listener and incarnation only the row that counts, that of the greatest sequence. Done when there
     * are more than twice as many rows as were left the last time; what is appended meanwhile stays for the next time.
     */
    void foldListeners() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT (SELECT count(*) FROM listener) > 2 *"
                        + " coalesce((SELECT max(rows) FROM sealed WHERE tier = " + LISTENERS + "), 0)")) {
            rows.next();
            if (!rows.getBoolean(1)) {
                return;
            }
        }
        atOnce(List.of(
                "DELETE FROM listener WHERE rowid NOT IN (" + History.listenersThatCount("") + ")",
                "DELETE FROM sealed WHERE tier = " + LISTENERS,
                "INSERT INTO sealed SELECT " + LISTENERS + ", 0, count(*) FROM listener"));
    }

    /** Makes one span of those of a process that went on from hour to hour. */
    void joinProcesses(long day) throws SQLException {
        long first = day * Slots.HOURS_A_DAY * Slots.MINUTES_AN_HOUR;
        long last = Slots.hourAfter(day) * Slots.MINUTES_AN_HOUR - 1;
        String within = " FROM process WHERE first_minute BETWEEN " + first + " AND " + last;
        atOnce(List.of(
                "CREATE TEMP TABLE joined AS WITH spans AS (SELECT *, first_minute // 60 - dense_rank() OVER"
                        + " (PARTITION BY host, flow, pid, start ORDER BY first_minute // 60) AS run" + within
                        + ") SELECT host, flow, pid, start, min(first_minute) AS first_minute, max(last_minute) AS"
                        + " last_minute FROM spans GROUP BY host, flow, pid, start, run",
                "DELETE" + within,
                "INSERT INTO process SELECT * FROM joined ORDER BY host, flow, pid, first_minute",
                "DROP TABLE joined",
                "INSERT INTO sealed VALUES (" + Slots.JOINED + ", " + day + ", 0)"));
    }

    private void atOnce(List<String> statements) throws SQLException {
        Transaction.run(connection, statement -> {
            for (String each : statements) {
                statement.execute(each);
            }
        });
    }
}
