package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import enishi.server.store.Kept;
import enishi.server.store.Retention;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The tiers as the store uses them: what to ask, what to roll up, what to drop. */
public final class History {
    /** What of the schema is always there; the slots come and go. */
    public static final List<String> TABLES = Sealing.TABLES;

    /** What makes a listener, in the columns of its table. */
    public static final String LISTENER =
            "high, low, namespace, address_high, address_low, port, transport, v6_only, program, service, container,"
                    + " socket";

    private History() {}

    /** The places of the rows that count, one a listener and incarnation: of equal sequences the first that came. */
    public static String listenersThatCount(String where) {
        return "SELECT arg_max(rowid, (sequence, -rowid)) FROM listener" + where + " GROUP BY " + LISTENER
                + ", incarnation";
    }

    /** The sums of each flow over a window as common table expressions, the last of which is {@code totals}. */
    public static String totals(Slots slots, Window window) {
        return Totals.of(window, Piece.of(slots, window.firstMinute(), window.lastMinute()));
    }

    /**
     * The minute rows of one minute that count, each with these columns of its flow and of itself, then {@code id}, the
     * flow's, {@code incarnation} and {@code sequence}.
     */
    public static String minute(long minute, String columns) {
        return "WITH rows AS MATERIALIZED (SELECT rowid AS place, * FROM " + Kind.FLOW.slot(Slots.hourOf(minute))
                + " WHERE minute = " + minute + "), winners AS (SELECT *, " + Totals.HELD
                + " AS most_processes FROM " + Totals.winners("rows") + ") SELECT " + columns
                + ", id, incarnation, sequence FROM flow JOIN winners ON number = winners.flow";
    }

    /** The coverage of one minute that counts, each incarnation's, with its host's id. */
    public static String watched(long minute) {
        String slot = Kind.COVERAGE.slot(Slots.hourOf(minute));
        return "SELECT high, low, told.* FROM (SELECT * FROM " + slot + " WHERE rowid IN ("
                + Watched.winners(slot, "minute = " + minute)
                + ")) AS told JOIN (SELECT DISTINCT number, high, low FROM host) ON number = host";
    }

    /** Counts may be hostile: a sum that would not fit stays at the largest. That of unknowns is unknown. */
    public static String sum(String column) {
        String sum = "sum(" + column + ")";
        return "CASE WHEN " + sum + " > " + Long.MAX_VALUE + " THEN " + Long.MAX_VALUE + " ELSE " + sum
                + " END::BIGINT AS " + column + ", ";
    }

    /** What was watched in a window, as runs of minutes that are alike; hosts by number. */
    public static String coverage(Slots slots, Window window) {
        return Watched.runs(Piece.of(slots, window.firstMinute(), window.lastMinute()));
    }

    /**
     * The same as rows that stand in the tables, for who folds those of a few hosts himself, one statement a piece of
     * the window: {@code host, first, minutes, incarnation, sequence, rung, watched, seen, lost, dropped,
     * unknown_owner, unseen_peers, unaccounted, clock_offset}; incarnation and sequence are 0 but for minute rows.
     */
    public static List<String> rowsOfCoverage(Slots slots, Window window, String only) {
        return Piece.of(slots, window.firstMinute(), window.lastMinute()).stream()
                .map(each -> Watched.rows(each, only))
                .toList();
    }

    /**
     * From when on which precision is kept. Where hour rows were dropped no minute row may come to make others; and
     * flows and coverage of a minute are taken together or not at all: what was watched says how whole the flows are.
     */
    public static Kept kept(Slots flows, Slots coverage) {
        long day = flows.hoursKeptFrom();
        long hour = Math.max(flows.minutesKeptFrom(), coverage.minutesKeptFrom());
        long hours = day == Long.MIN_VALUE ? day : day * Slots.HOURS_A_DAY * Slots.MINUTES_AN_HOUR;
        long minutes = hour == Long.MIN_VALUE ? hour : hour * Slots.MINUTES_AN_HOUR;
        return new Kept(Math.max(minutes, hours), hours);
    }

    /** The same, as the connection's transaction sees it. */
    public static Kept kept(Connection connection) throws SQLException {
        List<Slots> all = all(connection);
        return kept(all.getFirst(), all.getLast());
    }

    /**
     * Rolls up every hour and day that is over and not told whole yet, and what is told again and again. An interrupt
     * ends it between two of them.
     */
    public static void seal(Connection connection, Instant now) throws SQLException {
        long minute = Math.floorDiv(now.getEpochSecond(), 60L);
        Sealing sealing = new Sealing(connection);
        for (Kind kind : Kind.values()) {
            for (long hour : Sealing.hoursDue(Slots.read(connection, kind), minute)) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                sealing.sealHour(kind, hour);
            }
            Slots slots = Slots.read(connection, kind);
            for (long day : Sealing.daysDue(slots, minute)) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                sealing.sealDay(kind, day, slots.rowsOf(day));
            }
        }
        sealing.foldListeners();
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
        long thisHour = Math.floorDiv(now.getEpochSecond(), 3_600L);
        List<Slots> all = all(connection);
        long keptFrom = Math.min(thisHour, newestHour(all).orElse(thisHour)) - retention.minuteHours();
        for (Slots slots : all) {
            for (long hour : slots.minuteRows().headMap(keptFrom).keySet()) {
                if (slots.isSealed(hour)) {
                    execute(connection, "DROP TABLE " + slots.kind().slot(hour));
                    dropped++;
                }
            }
        }
        if (retention.bytesMax() < Long.MAX_VALUE) {
            execute(connection, "CHECKPOINT"); // what is still in the log alone has no size yet
            dropped += shed(connection, retention.bytesMax());
        }
        Sealing sealing = new Sealing(connection);
        for (long day : Sealing.daysToJoin(Slots.read(connection))) {
            sealing.joinProcesses(day);
        }
        TranslationMasks.fold(connection, thisHour, kept(connection).minutesFrom());
        return dropped;
    }

    private static List<Slots> all(Connection connection) throws SQLException {
        return List.of(Slots.read(connection, Kind.FLOW), Slots.read(connection, Kind.COVERAGE));
    }

    private static OptionalLong newestHour(List<Slots> all) {
        return all.stream()
                .flatMap(each -> each.minuteRows().keySet().stream())
                .mapToLong(Long::longValue)
                .max();
    }

    private static int shed(Connection connection, long bytesMax) throws SQLException {
        int dropped = 0;
        Optional<String> next = spare(all(connection));
        while (bytes(connection) > bytesMax && next.isPresent()) {
            execute(connection, "DROP TABLE " + next.get());
            execute(connection, "CHECKPOINT");
            dropped++;
            next = spare(all(connection));
        }
        return dropped;
    }

    /** The oldest slot whose rows another tier tells as well, and of whose time nothing is still coming. */
    private static Optional<String> spare(List<Slots> all) {
        long before = newestHour(all).orElse(0) - 1;
        Optional<String> minutes = all.stream()
                .filter(slots -> slots.oldestSealed(before).isPresent())
                .min(Comparator.comparingLong(
                        slots -> slots.oldestSealed(before).orElseThrow()))
                .map(slots -> slots.kind().slot(slots.oldestSealed(before).orElseThrow()));
        return minutes.isPresent() ? minutes : spareHours(all.getFirst());
    }

    /** Of flows; the runs of coverage take little room and say what the rest is worth. */
    private static Optional<String> spareHours(Slots flows) {
        return flows.hourTables().stream()
                .filter(day ->
                        flows.isDaySealed(day) && flows.hoursOf(day).stream().noneMatch(flows::hasMinutes))
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
