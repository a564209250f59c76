package enishi.server.store.duckdb.schema;

import enishi.server.store.duckdb.copies.Verification;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. Those that reports are appended to are never changed but for {@code host}; none has a key, since an index
 * would make appending slower and the file larger: a row that another replaces is left out when reading.
 *
 * <ul>
 *   <li>{@code schema_version}: one row, the version of the tables.
 *   <li>{@code host}: one row per host and incarnation, of its greatest sequence. {@code number} stands for the host in
 *       the other tables; {@code high, low} are its id; times in milliseconds since the epoch.
 *   <li>{@code flow}: the dictionary, written once per flow; {@code number} stands for it in the other tables, as
 *       eight random bytes would be a third of them; {@code id} is its {@code FlowId}; addresses as two halves of 128
 *       bits; program null where nobody could tell; {@code name} null where none is known.
 *   <li>{@code minute_HOUR}: one row per flow, minute and report; absolute counts; bytes null where unknown;
 *       {@code evidence} a set of bits; {@code pids} and {@code starts} (clock ticks) in pairs.
 *   <li>{@code hour_DAY} and {@code day}: one row per flow and hour or day, with a mask of the minutes or hours in
 *       which it was present; {@code process}: who stood behind them, as spans of minutes; {@code sealed}:
 *       which of them tell all that the minute rows did.
 *   <li>{@code listener}: one row per listener and report, with the span in which it was seen, milliseconds since the
 *       epoch; those that another replaces are removed now and then.
 *   <li>{@code translation}: one row per translation and minute as reported ({@code told}); of an hour that is over one
 *       per translation, {@code minutes} having bit n for minute n; of a time whose minute rows were dropped one per
 *       translation and day, {@code hour} being its first and {@code hours} having bit n for hour n.
 *   <li>{@code coverage_HOUR}: one row per host, minute and report; {@code watched} has bit n for second n; counts.
 *   <li>{@code hours_watched} and {@code days_watched}: one row per host and run of minutes that are alike, within an
 *       hour and within a day.
 * </ul>
 *
 * <p>Rows come in order of time, so the engine's smallest and largest value per block skip what lies outside a window;
 * within a minute a report's rows stand together, so that its host's number costs next to nothing and blocks of 2,048
 * rows without the host asked for are not unpacked.
 */
public final class Schema {
    public static final int VERSION = 6;
    private static final String PROGRAM = "program VARCHAR, service VARCHAR, container VARCHAR";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE host(number INTEGER, high BIGINT, low BIGINT, incarnation BIGINT, sequence BIGINT,"
                    + " first_received BIGINT, received BIGINT, sent BIGINT, rung SMALLINT, rung_sequence BIGINT,"
                    + " name VARCHAR, boot_id VARCHAR, namespaces BIGINT[], address_highs BIGINT[],"
                    + " address_lows BIGINT[], label_names VARCHAR[], label_values VARCHAR[])",
            "CREATE TABLE flow(number INTEGER, id BIGINT, host INTEGER, host_high BIGINT, host_low BIGINT,"
                    + " namespace BIGINT, " + PROGRAM
                    + ", role SMALLINT, local_high BIGINT, local_low BIGINT, remote_high BIGINT, remote_low BIGINT,"
                    + " server_port INTEGER, transport SMALLINT, name VARCHAR)",
            "CREATE TABLE listener(host INTEGER, high BIGINT, low BIGINT, incarnation BIGINT, sequence BIGINT,"
                    + " namespace BIGINT, address_high BIGINT, address_low BIGINT, port INTEGER, transport SMALLINT,"
                    + " v6_only BOOLEAN, " + PROGRAM + ", pid INTEGER, start BIGINT, first_seen BIGINT,"
                    + " last_seen BIGINT, socket VARCHAR)",
            "CREATE TABLE schema_version AS SELECT " + VERSION + " AS version");

    /** For who reads another file. */
    public static final Verification.Schema AS_EXPECTED = new Verification.Schema() {
        @Override
        public void make(Connection connection) throws SQLException {
            ensure(connection);
        }

        @Override
        public boolean isPresent(Statement statement, String table) throws SQLException {
            return known(statement, table) == VERSION;
        }
    };

    private Schema() {}

    /**
     * Makes the tables in an empty database, in one transaction; in another brings those of an older version to this
     * one, where that is known.
     *
     * @throws SQLException on a version not known; then nothing was changed
     */
    public static void ensure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String tables = "SELECT count(*) FROM duckdb_tables() WHERE NOT internal";
            if (number(statement, tables + " AND database_name = current_database()") == 0) {
                Transaction.run(connection, Schema::create);
            }
            Migration.run(connection, known(statement, "schema_version"));
        }
    }

    private static void create(Statement statement) throws SQLException {
        for (String table : TABLES) {
            statement.execute(table);
        }
        for (String table : History.TABLES) {
            statement.execute(table);
        }
    }

    private static long known(Statement statement, String table) throws SQLException {
        long version = number(statement, "SELECT max(version) FROM " + table);
        if (version < Migration.oldest() || version > VERSION) {
            throw new SQLException("its tables have version " + version + ", this server knows those from "
                    + Migration.oldest() + " to " + VERSION);
        }
        return version;
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
