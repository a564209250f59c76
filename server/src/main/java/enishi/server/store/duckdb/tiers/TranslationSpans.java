package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Translations as spans of minutes in one table: of each minute a row as it was reported, and of a time of which minute
 * rows of flows were dropped, one row a translation and day, which no report replaces and which has no incarnation, but
 * a mask of the hours in which there were any.
 */
public final class TranslationSpans {
    private static final String KEY = "host, namespace, transport, client_high, client_low, asked_high, asked_low,"
            + " asked_port, server_high, server_low, server_port, seen_as_high, seen_as_low";

    static final String TABLE = "CREATE TABLE translation(host INTEGER, incarnation BIGINT, sequence BIGINT,"
            + " namespace BIGINT, transport SMALLINT, client_high BIGINT, client_low BIGINT, asked_high BIGINT,"
            + " asked_low BIGINT, asked_port INTEGER, server_high BIGINT, server_low BIGINT, server_port INTEGER,"
            + " seen_as_high BIGINT, seen_as_low BIGINT, first_minute BIGINT, last_minute BIGINT, connections BIGINT,"
            + " tracked BIGINT, first_seen BIGINT, last_seen BIGINT, hours INTEGER)";

    private static final String SUMS = History.sum("connections")
            + "arg_max(tracked, last_minute) AS tracked, min(first_seen) AS first_seen, max(last_seen) AS last_seen";

    /** Which of its day's hours a row tells of, by the bit. */
    private static final String HOURS = "coalesce(hours, 1 << (first_minute % 1440 // 60)::INTEGER)";

    private TranslationSpans() {}

    /** Each translation of a window with its sums; hosts by number. */
    public static String within(Window window) {
        return "SELECT " + KEY + ", " + SUMS + " FROM "
                + winners("first_minute <= " + window.lastMinute() + " AND last_minute >= " + window.firstMinute()
                        + " AND " + HOURS + " & " + hoursOf(window) + " != 0")
                + " GROUP BY " + KEY;
    }

    /** Which of its day's hours lie in a window that overlaps a row, by the bit. */
    private static String hoursOf(Window window) {
        String first = "greatest(" + window.firstMinute() + " - first_minute // 1440 * 1440, 0) // 60";
        String last = "least(" + window.lastMinute() + " - first_minute // 1440 * 1440, 1439) // 60";
        return "((1 << (" + last + ")::INTEGER + 1) - (1 << (" + first + ")::INTEGER))";
    }

    /** The rows that count: of one key, minute and incarnation that of the greatest sequence, the first that came. */
    private static String winners(String where) {
        return "(SELECT * FROM translation WHERE rowid IN (SELECT arg_max(rowid, (sequence, -rowid)) FROM translation"
                + " WHERE " + where + " GROUP BY " + KEY + ", first_minute, incarnation))";
    }

    /** Whether there is any. */
    public static boolean any(Connection connection) throws SQLException {
        return isAny(connection, "true");
    }

    private static boolean isAny(Connection connection, String where) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM translation WHERE " + where + " LIMIT 1")) {
            return row.next();
        }
    }

    /** Makes one row a day of what is older than this minute, on days that have others. Nothing may come meanwhile. */
    static void fold(Connection connection, long minutesFrom) throws SQLException {
        String unfolded = "last_minute < " + minutesFrom + " AND incarnation IS NOT NULL";
        if (!isAny(connection, unfolded)) {
            return;
        }
        String old = "last_minute < " + minutesFrom
                + " AND first_minute // 1440 IN (SELECT first_minute // 1440 FROM translation WHERE " + unfolded + ")";
        List<String> statements = List.of(
                "CREATE TEMP TABLE folded AS SELECT " + KEY
                        + ", NULL::BIGINT AS incarnation, 0::BIGINT AS sequence, min(first_minute) AS first_minute,"
                        + " max(last_minute) AS last_minute, bit_or(" + HOURS + ") AS hours, " + SUMS + " FROM "
                        + winners(old) + " GROUP BY " + KEY + ", first_minute // 1440",
                "DELETE FROM translation WHERE " + old,
                "INSERT INTO translation BY NAME SELECT * FROM folded ORDER BY first_minute, host",
                "DROP TABLE folded");
        Transaction.run(connection, statement -> {
            for (String each : statements) {
                statement.execute(each);
            }
        });
    }
}
