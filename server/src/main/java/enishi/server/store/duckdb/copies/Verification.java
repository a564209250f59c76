package enishi.server.store.duckdb.copies;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a database file to its last block, without changing it. The engine holds a checksum of every block against what
 * it reads, so each column of each table is read whole; then what rows refer to must be there. Which tables and columns
 * there shall be is asked of an empty store made in memory; of an older version only the rows are read.
 */
public final class Verification {
    private static final String FILE = "verified";
    private static final String TABLES =
            "SELECT table_name FROM duckdb_tables() WHERE database_name = '" + FILE + "' ORDER BY table_name";
    private static final String COLUMNS =
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND database_name = ";

    /** Tables; each value of a column of their name stands in their {@code number}, or {@code id} in older ones. */
    private static final List<String> REFERENCES = List.of("flow", "host");

    private final Schema schema;
    private final List<Table> tables = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** How an empty store is made, and how the version of another's tables is held against it. */
    public interface Schema {
        void make(Connection connection) throws SQLException;

        /**
         * Whether the tables are those of an empty store; if not, they become so when the store is opened.
         *
         * @throws SQLException on a version not known
         */
        boolean isPresent(Statement statement, String table) throws SQLException;
    }

    /**
     * A table that was read.
     *
     * @param damage why it could not be read whole; empty if it could
     */
    public record Table(String name, long rows, String damage) {}

    /**
     * What was found.
     *
     * @param faults one sentence for each thing that is wrong; none if the file is whole
     */
    public record Found(List<Table> tables, List<String> faults) {}

    public Verification(Schema schema) {
        this.schema = schema;
    }

    /** Reads one file. @throws SQLException if it cannot even be opened */
    public Found of(Path file, Properties settings, Consumer<Table> each) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings)) {
            schema.make(connection);
            String attached = Copying.text(file.toAbsolutePath().toString());
            try (Statement statement = connection.createStatement()) {
                statement.execute("ATTACH " + attached + " AS " + FILE + " (READ_ONLY)");
            }
            for (String name : column(connection, TABLES)) {
                Table table = read(connection, name);
                tables.add(table);
                each.accept(table);
                if (!table.damage().isEmpty()) {
                    faults.add("table " + name + " cannot be read (" + table.damage() + ")");
                }
            }
            check(connection);
        }
        return new Found(List.copyOf(tables), List.copyOf(faults));
    }

    private static Table read(Connection connection, String name) {
        String all = "SELECT count(*), bit_xor(hash(COLUMNS(*))) FROM " + FILE + "." + Copying.name(name);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(all)) {
            row.next();
            return new Table(name, row.getLong(1), "");
        } catch (SQLException e) {
            return new Table(name, 0, firstLine(e));
        }
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private void check(Connection connection) throws SQLException {
        Set<String> whole = new LinkedHashSet<>();
        tables.stream().filter(each -> each.damage().isEmpty()).forEach(each -> whole.add(each.name()));
        boolean isPresent = true;
        if (whole.contains("schema_version")) {
            try (Statement statement = connection.createStatement()) {
                isPresent = schema.isPresent(statement, FILE + ".schema_version");
            } catch (SQLException e) {
                faults.add(firstLine(e));
                return; // then it may have other columns as well
            }
        }
        if (isPresent) {
            String missing = COLUMNS + "'memory' EXCEPT " + COLUMNS + "'" + FILE + "'";
            for (String each : new LinkedHashSet<>(column(connection, missing))) {
                faults.add("table " + each + " is missing or has other columns; this is no store of Enishi");
            }
        }
        if (faults.isEmpty()) {
            for (String each : REFERENCES) {
                references(connection, each);
            }
        }
    }

    private void references(Connection connection, String to) throws SQLException {
        String columns = " FROM duckdb_columns() WHERE database_name = '" + FILE + "' AND ";
        String key = column(
                        connection,
                        "SELECT column_name" + columns + "table_name = '" + to
                                + "' AND column_name IN ('number', 'id') ORDER BY column_name DESC")
                .getFirst();
        for (String each :
                column(connection, "SELECT table_name" + columns + "column_name = '" + to + "' ORDER BY 1")) {
            String lost = "SELECT count(*) FROM (SELECT DISTINCT " + to + " AS used FROM " + FILE + "."
                    + Copying.name(each) + ") ANTI JOIN " + FILE + "." + to + " ON used = " + key;
            String count = column(connection, lost).getFirst();
            if (!count.equals("0")) {
                faults.add("table " + each + " names " + count + " of column " + to + " that table " + to
                        + " does not hold");
            }
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
