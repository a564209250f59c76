package enishi.server.store.duckdb.schema;

import enishi.server.store.duckdb.tiers.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From each older version to the next one, forward only. A step is one transaction together with the number of its
 * version, so that a kill leaves the version before or the one after. What a step says stays as it is for good, also
 * when the tables of later versions look different.
 */
final class Migration {
    private static final System.Logger LOG = System.getLogger(Migration.class.getName());
    private static final NavigableMap<Long, Transaction.Work> STEPS = new TreeMap<>();

    static {
        STEPS.put(3L, statement -> {
            coverageIntoSlots(statement);
            flowsByNumber(statement);
        });
        STEPS.put(4L, Migration::unixSockets);
        STEPS.put(5L, Migration::translationsAndNames);
    }

    private Migration() {}

    /** The oldest version that can be brought to the present one. */
    static long oldest() {
        return STEPS.firstKey();
    }

    /** From this version as far as there are steps. */
    static void run(Connection connection, long version) throws SQLException {
        long from = version;
        for (Transaction.Work step = STEPS.get(from); step != null; step = STEPS.get(from)) {
            Transaction.Work taken = step;
            long next = from + 1;
            Transaction.run(connection, statement -> {
                taken.run(statement);
                statement.execute("UPDATE schema_version SET version = " + next);
            });
            LOG.log(System.Logger.Level.INFO, "the store''s tables of version {0} are now of version {1}", from, next);
            from = next;
        }
    }

    /** Version 3 kept every row of coverage in one table, and knew no clock. */
    private static void coverageIntoSlots(Statement statement) throws SQLException {
        String counts = "seen BIGINT, lost BIGINT, dropped BIGINT, unknown_owner BIGINT, ";
        String run = "(host INTEGER, first BIGINT, minutes BIGINT, rung SMALLINT, watched BIGINT, " + counts
                + "unaccounted BIGINT, unseen_peers BIGINT, clock_offset BIGINT)";
        statement.execute("CREATE TABLE hours_watched" + run);
        statement.execute("CREATE TABLE days_watched" + run);
        List<Long> slots = numbers(
                statement,
                "SELECT substr(table_name, 8)::BIGINT AS hour FROM duckdb_tables() WHERE NOT internal AND database_name"
                        + " = current_database() AND starts_with(table_name, 'minute_') ORDER BY hour");
        List<Long> hours = numbers(statement, "SELECT DISTINCT minute // 60 AS hour FROM coverage ORDER BY hour");
        long firstSlot = slots.isEmpty() ? hours.isEmpty() ? 0 : hours.getLast() : slots.getFirst();
        for (long hour : hours.stream().filter(each -> each >= firstSlot).toList()) {
            statement.execute("CREATE TABLE coverage_" + hour + "(host INTEGER, minute BIGINT, incarnation BIGINT,"
                    + " sequence BIGINT, rung SMALLINT, watched BIGINT, " + counts
                    + "unseen_peers BIGINT, unaccounted BIGINT, clock_offset BIGINT)");
            statement.execute("INSERT INTO coverage_" + hour + " BY NAME SELECT * EXCLUDE (high, low) FROM coverage"
                    + " WHERE minute BETWEEN " + hour * 60 + " AND " + (hour * 60 + 59));
        }
        List<Long> days = hours.stream()
                .filter(each -> each < firstSlot)
                .map(each -> Math.floorDiv(each, 24L))
                .distinct()
                .toList();
        for (long day : days) {
            coverageIntoRuns(statement, day * 1_440, Math.min((day + 1) * 1_440, firstSlot * 60) - 1);
        }
        statement.execute("DROP TABLE coverage");
    }

    /** Version 4 knew addresses alone. */
    private static void unixSockets(Statement statement) throws SQLException {
        statement.execute("ALTER TABLE flow ADD COLUMN socket VARCHAR");
        statement.execute("ALTER TABLE listener ADD COLUMN socket VARCHAR");
    }

    /** Version 5 knew no translation, and no names but of unix sockets. */
    private static void translationsAndNames(Statement statement) throws SQLException {
        statement.execute("ALTER TABLE flow RENAME COLUMN socket TO name");
        statement.execute("CREATE TABLE translation(host INTEGER, namespace BIGINT, transport SMALLINT,"
                + " client_high BIGINT, client_low BIGINT, asked_high BIGINT, asked_low BIGINT, asked_port INTEGER,"
                + " server_high BIGINT, server_low BIGINT, server_port INTEGER, seen_as_high BIGINT,"
                + " seen_as_low BIGINT, hour BIGINT, minutes BIGINT, hours INTEGER, told BOOLEAN)");
    }

    /** Version 3 named a flow by its id in every table. */
    private static void flowsByNumber(Statement statement) throws SQLException {
        statement.execute("CREATE TABLE numbered AS SELECT (row_number() OVER (ORDER BY rowid) - 1)::INTEGER AS number,"
                + " * FROM flow ORDER BY rowid");
        for (String table : tablesOfFlows(statement)) {
            statement.execute("CREATE TABLE moved AS SELECT rows.* REPLACE (number AS flow) FROM " + table
                    + " AS rows JOIN numbered ON id = flow ORDER BY rows.rowid");
            statement.execute("DROP TABLE " + table);
            statement.execute("ALTER TABLE moved RENAME TO " + table);
        }
        statement.execute("DROP TABLE flow");
        statement.execute("ALTER TABLE numbered RENAME TO flow");
    }

    private static List<String> tablesOfFlows(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT table_name FROM duckdb_columns() WHERE NOT internal"
                + " AND database_name = current_database() AND column_name = 'flow' ORDER BY 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** Of hours whose minute rows of flows were dropped already. */
    private static void coverageIntoRuns(Statement statement, long first, long last) throws SQLException {
        String rows = " FROM coverage WHERE minute BETWEEN " + first + " AND " + last;
        String sums = Stream.of("seen", "lost", "dropped", "unknown_owner", "unaccounted")
                .map(Migration::sum)
                .collect(Collectors.joining());
        statement.execute("INSERT INTO hours_watched BY NAME WITH minutes AS (SELECT host, minute, max(rung) AS rung,"
                + " bit_or(watched) AS watched, " + sums + sum("unseen_peers") + "minute // 60 AS hour" + rows
                + " AND rowid IN (SELECT arg_max(rowid, (sequence, -rowid))" + rows
                + " GROUP BY host, minute, incarnation) GROUP BY host, minute), numbered AS (SELECT *, minute -"
                + " row_number() OVER (PARTITION BY host, hour, rung, watched ORDER BY minute) AS run FROM minutes)"
                + " SELECT host, min(minute) AS first, count(*) AS minutes, rung, watched, " + sums
                + "max(unseen_peers) AS unseen_peers FROM numbered GROUP BY host, hour, rung, watched, run"
                + " ORDER BY first, host");
        statement.execute("INSERT INTO sealed SELECT 4, minute // 60, count(*)" + rows + " GROUP BY minute // 60");
    }

    private static String sum(String column) {
        return "least(sum(" + column + "), " + Long.MAX_VALUE + ")::BIGINT AS " + column + ", ";
    }

    private static List<Long> numbers(Statement statement, String sql) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }
}
