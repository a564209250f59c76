package enishi.server.store.duckdb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What stands in the tables of a store that is closed. */
final class StoreRows {
    private StoreRows() {}

    static long count(Path file, String table) {
        return number(file, "SELECT count(*) FROM " + table);
    }

    /** How many tables have a name that begins like this. */
    static long tables(Path file, String prefix) {
        return number(file, "SELECT count(*) FROM duckdb_tables() WHERE starts_with(table_name, '" + prefix + "')");
    }

    static long number(Path file, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
