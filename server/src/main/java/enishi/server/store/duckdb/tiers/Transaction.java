package enishi.server.store.duckdb.tiers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements of which all take effect or none. */
public final class Transaction {
    private Transaction() {}

    /** What is done within. */
    public interface Work {
        void run(Statement statement) throws SQLException;
    }

    /** Does it and commits. @throws SQLException if it failed; then nothing was changed */
    public static void run(Connection connection, Work work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
            work.run(statement);
            statement.execute("COMMIT");
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    /** By a new statement: one that failed takes no more. */
    private static void rollBack(Connection connection, SQLException cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
