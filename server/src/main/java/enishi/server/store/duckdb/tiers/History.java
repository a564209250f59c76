package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.Kept;
import enishi.server.store.Retention;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tiers as the store uses them: what to ask, what to roll up, what to drop. */
public final class History {
    /** What of the schema is always there; the slots come and go. */
    public static final List<String> TABLES = Sealing.TABLES;

    private History() {}

    /**
     * The sums of each flow over a window as common table expressions, the last of which is {@code totals}; before them
     * stands {@code picked}, the flows asked for.
     */
    public static String totals(Slots slots, Window window, FlowFilter filter) {
        List<Piece> pieces = Piece.of(slots, window.firstMinute(), window.lastMinute());
        return Totals.of(window, pieces, filter.isAll(), !filter.addresses().isEmpty());
    }

    /**
     * The minute rows of one minute that count, each with these columns of its flow and of itself, then {@code id}, the
     * flow's, {@code incarnation} and {@code sequence}.
     */
    public static String minute(long minute, String columns) {
        return "WITH rows AS MATERIALIZED (SELECT rowid AS place, * FROM " + Slots.minutes(Slots.hourOf(minute))
                + " WHERE minute = " + minute + "), winners AS (SELECT *, " + Totals.HELD
                + " AS most_processes FROM " + Totals.winners("rows") + ") SELECT " + columns
                + ", id, incarnation, sequence FROM flow JOIN winners ON id = winners.flow";
    }

    /** Counts may be hostile: a sum that would not fit stays at the largest. That of unknowns is unknown. */
    public static String sum(String column) {
        String sum = "sum(" + column + ")";
        return "CASE WHEN " + sum + " > " + Long.MAX_VALUE + " THEN " + Long.MAX_VALUE + " ELSE " + sum
                + " END::BIGINT AS " + column + ", ";
    }

    /** From when on which precision is kept. Where hour rows were dropped no minute row may come to make others. */
    public static Kept kept(Slots slots) {
        long day = slots.hoursKeptFrom();
        long hour = slots.minutesKeptFrom();
        long hours = day == Long.MIN_VALUE ? day : day * Slots.HOURS_A_DAY * Slots.MINUTES_AN_HOUR;
        long minutes = hour == Long.MIN_VALUE ? hour : hour * Slots.MINUTES_AN_HOUR;
        return new Kept(Math.max(minutes, hours), hours);
    }

    /** Rolls up every hour and day that is over and not told whole yet. */
    public static void seal(Connection connection, Instant now) throws SQLException {
        long minute = Math.floorDiv(now.getEpochSecond(), 60L);
        Sealing sealing = new Sealing(connection);
        for (long hour : Sealing.hoursDue(Slots.read(connection), minute)) {
            sealing.sealHour(hour);
        }
        Slots slots = Slots.read(connection);
        for (long day : Sealing.daysDue(slots, minute)) {
            sealing.sealDay(day, slots.rowsOf(day));
        }
    }

    /**
     * Drops the slots that have been kept long enough, by this clock and by what came last: should this clock run
     * ahead, what goes on coming must not be too late. And while the database is larger than it may be the oldest that
     * can be spared: minute rows first, then hour rows. Nothing may be appended meanwhile. Space that was given up is
     * there to use when the log has been folded into the file.
     *
     * @return how many slots were dropped
     */
    public static int drop(Connection connection, Retention retention, Instant now) throws SQLException {
        int dropped = 0;
        Slots slots = Slots.read(connection);
        long thisHour = Math.floorDiv(now.getEpochSecond(), 3_600L);
        long newest =
                slots.minuteRows().isEmpty() ? thisHour : slots.minuteRows().lastKey();
        long keptFrom = Math.min(thisHour, newest) - retention.minuteHours();
        for (long hour : List.copyOf(slots.minuteRows().headMap(keptFrom).keySet())) {
            dropped += dropMinutes(connection, hour) ? 1 : 0;
        }
        if (retention.bytesMax() < Long.MAX_VALUE) {
            execute(connection, "CHECKPOINT"); // what is still in the log alone has no size yet
            dropped += shed(connection, retention.bytesMax());
        }
        Sealing sealing = new Sealing(connection);
        for (long day : Sealing.daysToJoin(Slots.read(connection))) {
            sealing.joinProcesses(day);
        }
        return dropped;
    }

    private static int shed(Connection connection, long bytesMax) throws SQLException {
        int dropped = 0;
        Optional<String> next = spare(Slots.read(connection));
        while (bytes(connection) > bytesMax && next.isPresent()) {
            execute(connection, "DROP TABLE " + next.get());
            execute(connection, "CHECKPOINT");
            dropped++;
            next = spare(Slots.read(connection));
        }
        return dropped;
    }

    private static boolean dropMinutes(Connection connection, long hour) throws SQLException {
        boolean sealed = Slots.read(connection).isSealed(hour);
        if (sealed) {
            execute(connection, "DROP TABLE " + Slots.minutes(hour));
        }
        return sealed;
    }

    /** The oldest slot whose rows another tier tells as well, and of whose time nothing is still coming. */
    private static Optional<String> spare(Slots slots) {
        long newest = slots.minuteRows().isEmpty() ? 0 : slots.minuteRows().lastKey();
        Optional<String> minutes = slots.minuteRows().headMap(newest - 1).keySet().stream()
                .filter(slots::isSealed)
                .findFirst()
                .map(Slots::minutes);
        return minutes.isPresent()
                ? minutes
                : slots.hourTables().stream()
                        .filter(day -> slots.isDaySealed(day)
                                && slots.hoursOf(day).stream().noneMatch(slots::hasMinutes))
                        .findFirst()
                        .map(Slots::hours);
    }

    private static long bytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet size = statement.executeQuery(
                        "SELECT sum(used_blocks * block_size)::BIGINT FROM pragma_database_size()"
                                + " WHERE database_name = current_database()")) {
            size.next();
            return size.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
