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
        for (long hour : hoursOfCoverage(statement)) {
            statement.execute("CREATE TABLE coverage_" + hour + "(host INTEGER, minute BIGINT, incarnation BIGINT,"
                    + " sequence BIGINT, rung SMALLINT, watched BIGINT, " + counts
                    + "unseen_peers BIGINT, unaccounted BIGINT, clock_offset BIGINT)");
            statement.execute("INSERT INTO coverage_" + hour + " BY NAME SELECT * EXCLUDE (high, low) FROM coverage"
                    + " WHERE minute BETWEEN " + hour * 60 + " AND " + (hour * 60 + 59));
        }
        statement.execute("DROP TABLE coverage");
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

    private static List<Long> hoursOfCoverage(Statement statement) throws SQLException {
        List<Long> hours = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT DISTINCT minute // 60 FROM coverage ORDER BY 1")) {
            while (rows.next()) {
                hours.add(rows.getLong(1));
            }
        }
        return hours;
    }
}
