package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Translations in one table, each as the minutes in which it was there: a row a minute as it was reported, one an hour
 * with a mask of 60 minutes once that is over, and of a time of which minute rows of flows were dropped one a day with
 * a mask of 24 hours. What is reported again changes nothing: masks are united.
 */
public final class TranslationMasks {
    private static final String KEY = "host, namespace, transport, client_high, client_low, asked_high, asked_low,"
            + " asked_port, server_high, server_low, server_port, seen_as_high, seen_as_low";

    static final String TABLE = "CREATE TABLE translation(host INTEGER, namespace BIGINT, transport SMALLINT,"
            + " client_high BIGINT, client_low BIGINT, asked_high BIGINT, asked_low BIGINT, asked_port INTEGER,"
            + " server_high BIGINT, server_low BIGINT, server_port INTEGER, seen_as_high BIGINT, seen_as_low BIGINT,"
            + " hour BIGINT, minutes BIGINT, hours INTEGER, told BOOLEAN)";

    /** What stands between two ends, in the columns of the table that names them. */
    public static final String ENDS = "client_high, client_low, server_high, server_low, server_port, transport";

    private static final String BEFORE = "client_high, client_low, asked_high, asked_low, asked_port, transport";
    private static final String AFTER = "seen_as_high, seen_as_low, server_high, server_low, server_port, transport";

    private TranslationMasks() {}

    /**
     * Each translation of a window, with {@code first_minute} and {@code last_minute} in it; hosts by number.
     *
     * @param at the table of the {@link #ENDS} from or to which they lead; empty: all
     */
    public static String within(Window window, String at) {
        long first = window.firstMinute();
        long last = window.lastMinute();
        long firstHour = Math.floorDiv(first, 60L);
        long lastHour = Math.floorDiv(last, 60L);
        String met = at.isEmpty()
                ? ""
                : " AND ((" + BEFORE + ") IN (SELECT " + ENDS + " FROM " + at + ") OR (" + AFTER + ") IN (SELECT "
                        + ENDS + " FROM " + at + "))";
        String minutes = "SELECT " + KEY + ", hour, 1 AS unit, bit_or(minutes) & "
                + bits(first + " - hour * 60", last + " - hour * 60", 59)
                + " AS bits FROM translation WHERE minutes IS NOT NULL AND hour BETWEEN " + firstHour + " AND "
                + lastHour
                + met + " GROUP BY " + KEY + ", hour";
        String hours = "SELECT " + KEY + ", hour, 60 AS unit, hours::BIGINT & "
                + bits(firstHour + " - hour", lastHour + " - hour", 23)
                + " AS bits FROM translation WHERE hours IS NOT NULL AND hour BETWEEN " + (firstHour - 23) + " AND "
                + lastHour + met;
        return "SELECT " + KEY + ", min(hour * 60 + unit * (bit_count((bits & -bits) - 1))) AS first_minute,"
                + " max(hour * 60 + unit * length(bin(bits)) - 1) AS last_minute FROM (" + minutes + " UNION ALL "
                + hours
                + ") WHERE bits != 0 GROUP BY " + KEY;
    }

    /** The bits from one to another, both inclusive, of as many as there are. */
    private static String bits(String first, String last, int most) {
        return "((1::BIGINT << (least(" + last + ", " + most + ") + 1)::INTEGER) - (1::BIGINT << greatest(" + first
                + ", 0)::INTEGER))";
    }

    /** Whether there is any. */
    public static boolean any(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM translation LIMIT 1")) {
            return row.next();
        }
    }

    /**
     * Makes one row an hour of what was told of hours that are over, and one a day of what is older than a minute.
     * Nothing may be appended meanwhile.
     */
    static void fold(Connection connection, long thisHour, long minutesFrom) throws SQLException {
        for (long hour : numbers(connection, "hour", "told AND hour < " + thisHour)) {
            replace(
                    connection,
                    "hour = " + hour + " AND hours IS NULL",
                    "hour",
                    "any_value(hour) AS hour, bit_or(minutes) AS minutes, NULL::INTEGER AS hours");
        }
        String old = "hours IS NULL AND hour < " + Math.floorDiv(minutesFrom, 60L);
        for (long day : minutesFrom == Long.MIN_VALUE ? List.<Long>of() : numbers(connection, "hour // 24", old)) {
            replace(
                    connection,
                    "hour BETWEEN " + day * 24 + " AND " + (day * 24 + 23) + " AND (hours IS NOT NULL OR " + old + ")",
                    "hour // 24",
                    day * 24 + " AS hour, NULL::BIGINT AS minutes,"
                            + " bit_or(coalesce(hours, 1 << (hour % 24)::INTEGER)) AS hours");
        }
    }

    /** One row of each translation in place of these. */
    private static void replace(Connection connection, String which, String by, String columns) throws SQLException {
        List<String> statements = List.of(
                "CREATE TEMP TABLE folded AS SELECT " + KEY + ", " + columns + ", false AS told FROM translation WHERE "
                        + which + " GROUP BY " + KEY + ", " + by,
                "DELETE FROM translation WHERE " + which,
                "INSERT INTO translation BY NAME SELECT * FROM folded ORDER BY host",
                "DROP TABLE folded");
        Transaction.run(connection, statement -> {
            for (String each : statements) {
                statement.execute(each);
            }
        });
    }

    private static List<Long> numbers(Connection connection, String what, String where) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT DISTINCT " + what + " AS number FROM translation WHERE "
                        + where + " ORDER BY number")) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }
}
