package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a window as a statement that reads its rows as they stand. Who asks about few flows folds these rows
 * himself: the engine takes longer to plan how it would fold them than to read them.
 *
 * <p>A row gives the number of its flow, the last minute it tells of, incarnation and sequence (0 but for minute rows),
 * its mask (0 for minute rows), {@code opened, closed, failed, active, client_bytes, server_bytes, rtt_micros,
 * retransmits, first_seen, last_seen, evidence}, how many processes it names, the first of them, all of them as two
 * lists, and how many there were besides.
 */
public final class Unfolded {
    private static final String COUNTS = "opened, closed, failed, active, client_bytes, server_bytes, rtt_micros,"
            + " retransmits, first_seen, last_seen, evidence, ";

    private final String sql;
    private final boolean namesHolders;
    private final @Nullable Cut cut;

    private Unfolded(String sql, boolean namesHolders, @Nullable Cut cut) {
        this.sql = sql;
        this.namesHolders = namesHolders;
        this.cut = cut;
    }

    /** The parts of a window, oldest first. */
    public static List<Unfolded> of(Slots slots, Window window, Only only) {
        return Piece.of(slots, window.firstMinute(), window.lastMinute()).stream()
                .map(each -> of(each, only))
                .toList();
    }

    /** Who stood behind the flows in a window: {@code flow, pid, start}. Rows other than minute rows name nobody. */
    public static String holders(Window window, Only only) {
        return "SELECT flow, pid, start FROM process WHERE first_minute <= " + window.lastMinute()
                + " AND last_minute >= " + window.firstMinute() + only.flows();
    }

    private static Unfolded of(Piece piece, Only only) {
        return switch (piece) {
            case Piece.Minutes part -> minutes(part, only);
            case Piece.Hours part ->
                whole(Slots.hours(part.day()), "hour", part.first(), part.last(), only, Slots.MINUTES_AN_HOUR);
            case Piece.Days part ->
                whole("day", "day", part.first(), part.last(), only, Slots.MINUTES_AN_HOUR * Slots.HOURS_A_DAY);
            case Piece.PartOfHour part -> cut(Slots.hoursOfDayOf(part.hour()), Cut.of(part), only);
            case Piece.PartOfDay part -> cut("day", Cut.of(part), only);
        };
    }

    private static Unfolded minutes(Piece.Minutes part, Only only) {
        String sql = "SELECT flow, minute, incarnation, sequence, 0, " + COUNTS
                + "len(pids), pids[1], starts[1], pids, starts, more_processes FROM " + Kind.FLOW.slot(part.hour())
                + " WHERE minute BETWEEN " + part.first() + " AND " + part.last() + only.minuteRows();
        return new Unfolded(sql, true, null);
    }

    private static Unfolded whole(String table, String slot, long first, long last, Only only, long minutes) {
        String latest = "(" + slot + " + 1) * " + minutes + " - 1";
        String where = slot + " BETWEEN " + first + " AND " + last;
        return new Unfolded(slots(latest, table) + where + only.flows(), false, null);
    }

    private static Unfolded cut(String table, Cut cut, Only only) {
        String latest = String.valueOf(cut.lastMinute());
        return new Unfolded(slots(latest, table) + cut.slot() + " = " + cut.number() + only.flows(), false, cut);
    }

    private static String slots(String latest, String table) {
        return "SELECT flow, " + latest + ", 0, 0, mask, " + COUNTS + "0, 0, 0, NULL, NULL, most_processes FROM "
                + table + " WHERE ";
    }

    public String sql() {
        return sql;
    }

    /** Whether its rows say who stood behind them; of others {@link #holders} does. */
    public boolean namesHolders() {
        return namesHolders;
    }

    /** Whether a row of this mask was present in what is asked for. */
    public boolean isPresent(long mask) {
        return cut == null || (mask & cut.mask()) != 0;
    }

    /** When a present row of this mask was first seen in what is asked for, at the earliest. */
    public long firstSeen(long mask, long millis) {
        return cut == null ? millis : Math.max(millis, cut.firstMillis(mask & cut.mask()));
    }

    /** When it was last seen, at the latest. */
    public long lastSeen(long mask, long millis) {
        return cut == null ? millis : Math.min(millis, cut.lastMillis(mask & cut.mask()));
    }
}
