package enishi.server.store.duckdb.tiers;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Coverage as runs of minutes that are alike, as SQL over the pieces of a window. A run names its host by number, its
 * {@code first} minute and how many {@code minutes} it has, then what {@code HostCoverage} tells of them.
 *
 * <p>Runs are made within an hour, then joined within a day: of runs that follow one another and are alike, first
 * minute less minutes before is the same number.
 */
final class Watched {
    private static final long MINUTES_A_DAY = Slots.MINUTES_AN_HOUR * Slots.HOURS_A_DAY;
    private static final String HOURS = "hours_watched";
    private static final String DAYS = "days_watched";
    private static final String RUN = "(host INTEGER, first BIGINT, minutes BIGINT, rung SMALLINT, watched BIGINT,"
            + " seen BIGINT, lost BIGINT, dropped BIGINT, unknown_owner BIGINT, unaccounted BIGINT,"
            + " unseen_peers BIGINT, clock_offset BIGINT)";

    static final String HOURS_TABLE = "CREATE TABLE " + HOURS + RUN;
    static final String DAYS_TABLE = "CREATE TABLE " + DAYS + RUN;

    private static final String COUNTS =
            "rung, watched, seen, lost, dropped, unknown_owner, unseen_peers, unaccounted, clock_offset";

    private static final String SUMS = History.sum("seen")
            + History.sum("lost")
            + History.sum("dropped")
            + History.sum("unknown_owner")
            + History.sum("unaccounted");

    private Watched() {}

    /** Replaces the runs of an hour by those of the minute rows that are there now. */
    static List<String> sealHour(long hour) {
        return replace(
                HOURS,
                new Piece.Minutes(hour, firstMinute(hour), lastMinute(hour)),
                firstMinute(hour),
                lastMinute(hour));
    }

    /** Replaces the runs of a day by those of its hours. */
    static List<String> sealDay(long day) {
        long first = day * Slots.HOURS_A_DAY;
        long last = Slots.hourAfter(day) - 1;
        return replace(DAYS, new Piece.Hours(day, first, last), firstMinute(first), lastMinute(last));
    }

    private static List<String> replace(String table, Piece by, long first, long last) {
        return List.of(
                "DELETE FROM " + table + " WHERE first BETWEEN " + first + " AND " + last,
                "INSERT INTO " + table + " BY NAME " + runs(List.of(by)) + " ORDER BY first, host");
    }

    /** The runs of these pieces, in no order. */
    static String runs(List<Piece> pieces) {
        String parts = pieces.isEmpty()
                ? "FROM " + HOURS + " WHERE false"
                : pieces.stream().map(each -> part(each, "")).collect(Collectors.joining(" UNION ALL BY NAME "));
        return "SELECT host, min(first) AS first, sum(minutes)::BIGINT AS minutes, rung, watched, " + SUMS
                + "max(unseen_peers) AS unseen_peers, max(clock_offset) AS clock_offset FROM (SELECT *, first + minutes"
                + " - sum(minutes) OVER (PARTITION BY host, rung, watched ORDER BY first) AS run FROM (" + parts
                + ")) GROUP BY host, rung, watched, run";
    }

    /** @param only a further condition, after AND, or empty */
    private static String part(Piece piece, String only) {
        return switch (piece) {
            case Piece.Minutes part -> minutes(part, only);
            case Piece.Hours part -> whole(HOURS, firstMinute(part.first()), lastMinute(part.last())) + only;
            case Piece.PartOfHour part ->
                cut(HOURS, firstMinute(part.hour()), part.firstMinute(), part.lastMinute()) + only;
            case Piece.Days part ->
                whole(DAYS, part.first() * MINUTES_A_DAY, (part.last() + 1) * MINUTES_A_DAY - 1) + only;
            case Piece.PartOfDay part ->
                cut(DAYS, part.day() * MINUTES_A_DAY, firstMinute(part.firstHour()), lastMinute(part.lastHour()))
                        + only;
        };
    }

    /**
     * The rows of a piece as they stand, for who folds those of a few hosts himself: {@code host, first, minutes,
     * incarnation, sequence}, then what was watched; of minute rows the greatest sequence counts, and of equal ones the
     * first.
     */
    static String rows(Piece piece, String only) {
        return switch (piece) {
            case Piece.Minutes part ->
                "SELECT host, minute, 1, incarnation, sequence, " + COUNTS + " FROM " + Kind.COVERAGE.slot(part.hour())
                        + " WHERE minute BETWEEN " + part.first() + " AND " + part.last() + only;
            default -> "SELECT host, first, minutes, 0, 0, " + COUNTS + " FROM (" + part(piece, only) + ")";
        };
    }

    private static long firstMinute(long hour) {
        return hour * Slots.MINUTES_AN_HOUR;
    }

    private static long lastMinute(long hour) {
        return firstMinute(hour + 1) - 1;
    }

    /** Each minute as a run: of an incarnation's rows the greatest sequence counts, incarnations are merged. */
    private static String minutes(Piece.Minutes piece, String only) {
        String slot = Kind.COVERAGE.slot(piece.hour());
        return "SELECT host, minute AS first, 1::BIGINT AS minutes, max(rung) AS rung, bit_or(watched) AS watched, "
                + SUMS + History.sum("unseen_peers") + "max(clock_offset) AS clock_offset FROM " + slot
                + " WHERE rowid IN ("
                + winners(slot, "minute BETWEEN " + piece.first() + " AND " + piece.last() + only)
                + ") GROUP BY host, minute";
    }

    /** Where the rows that count are, one a host, minute and incarnation: of equal sequences the first that came. */
    static String winners(String slot, String where) {
        return "SELECT arg_max(rowid, (sequence, -rowid)) FROM " + slot + " WHERE " + where
                + " GROUP BY host, minute, incarnation";
    }

    private static String whole(String table, long first, long last) {
        return "FROM " + table + " WHERE first BETWEEN " + first + " AND " + last;
    }

    /** The minutes asked for of the runs of one slot, which begins at {@code from}; counts are those of the runs. */
    private static String cut(String table, long from, long first, long last) {
        String begin = "greatest(t.first, " + first + ")";
        String end = "least(t.first + t.minutes, " + (last + 1) + ")";
        return "SELECT * REPLACE (" + begin + " AS first, " + end + " - " + begin + " AS minutes) FROM " + table
                + " AS t WHERE t.first BETWEEN " + from + " AND " + last + " AND t.first + t.minutes > " + first;
    }
}
