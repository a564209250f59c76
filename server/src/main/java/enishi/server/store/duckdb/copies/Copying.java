package enishi.server.store.duckdb.copies;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The engine copying its open database into another file, in one statement and so of one moment. While it does, both
 * are attached: whoever lists tables must say of which.
 */
public final class Copying {
    private static final System.Logger LOG = System.getLogger(Copying.class.getName());
    private static final String COPY = "enishi_backup";
    private final Path into;
    private volatile @Nullable Statement running;
    private volatile boolean cancelled;

    public Copying(Path into) {
        this.into = into.toAbsolutePath();
    }

    /** On a connection of its own. @throws SQLException if it failed or was cancelled */
    public void run(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute("DETACH DATABASE IF EXISTS " + COPY); // of one that failed so badly that it stayed
            statement.execute("ATTACH " + text(into.toString()) + " AS " + COPY);
            running = statement;
            boolean done = false;
            try {
                String database = name(current(statement));
                execute(statement, "COPY FROM DATABASE " + database + " TO " + COPY);
                execute(statement, "CHECKPOINT " + COPY);
                done = true;
            } finally {
                running = null;
                detach(own, done);
            }
        }
    }

    private void execute(Statement statement, String sql) throws SQLException {
        if (cancelled) {
            throw new SQLException("cancelled");
        }
        statement.execute(sql);
    }

    private static void detach(Connection own, boolean must) throws SQLException {
        try (Statement statement = own.createStatement()) { // one that failed takes no more
            statement.execute("DETACH " + COPY);
        } catch (SQLException e) {
            if (must) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, "what failed to be copied could not be let go", e);
        }
    }

    private static String current(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT current_database()")) {
            row.next();
            return row.getString(1);
        }
    }

    /** As a literal. */
    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** As a name. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Ends it, if it runs: then it fails. */
    public void cancel() {
        cancelled = true;
        Statement copying = running;
        try {
            if (copying != null) {
                copying.cancel();
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a backup ended before it was cancelled", e);
        }
    }
}
