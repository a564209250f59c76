package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The sums of each flow over a window, as SQL over the pieces of the window.
 *
 * <p>Of the minute rows of one key and incarnation only that of the greatest sequence counts; its place in the table is
 * found first, over narrow columns, and the wide ones are folded for the winners alone. Hour and day rows are folded
 * already.
 */
final class Totals {
    /** What each piece gives, in this order: the last of two values is that of the greater {@code latest}. */
    private static final List<String> COLUMNS = List.of(
            "flow",
            "opened",
            "closed",
            "failed",
            "client_bytes",
            "server_bytes",
            "retransmits",
            "active",
            "latest",
            "rtt_micros",
            "first_seen",
            "last_seen",
            "evidence",
            "most_processes",
            "processes");

    private static final String NO_PROCESSES = "NULL::STRUCT(pids INTEGER[], starts BIGINT[])[]";
    /** How many processes stood behind a minute row, at least. */
    static final String HELD = "least(more_processes, 4611686018427387903) + len(pids)";

    private static final String LAST = "(minute, last_seen, incarnation)";

    /** What a minute row adds to an hour's, for each flow. */
    static final String OF_MINUTES = folded(LAST, HELD);

    /** What an hour row adds to a day's, for each flow. */
    static final String OF_HOURS = folded("hour", "most_processes");

    private Totals() {}

    /** Sums and spans of the rows of a flow; of what only the last row tells, the last is by this order. */
    private static String folded(String order, String processes) {
        return History.sum("opened") + History.sum("closed") + History.sum("failed") + History.sum("client_bytes")
                + History.sum("server_bytes") + History.sum("retransmits") + "arg_max(active, " + order
                + ") AS active, "
                + "coalesce(arg_max(rtt_micros, " + order + ") FILTER (rtt_micros > 0), 0) AS rtt_micros, "
                + "min(first_seen) AS first_seen, max(last_seen) AS last_seen, bit_or(evidence) AS evidence, max("
                + processes + ") AS most_processes";
    }

    /** The rows that count of a table of minute rows, whose row number is {@code place}. */
    static String winners(String rows) {
        return rows + " WHERE place IN (SELECT arg_max(place, sequence) FROM " + rows
                + " GROUP BY flow, minute, incarnation)";
    }

    /**
     * A list of common table expressions, the last of which is {@code totals}.
     *
     * @param pieces those of the window
     */
    static String of(Window window, List<Piece> pieces) {
        List<String> tables = new ArrayList<>();
        StringJoiner parts = new StringJoiner(" UNION ALL ");
        parts.add(nothing());
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Minutes minutes -> {
                    tables.add(rows(minutes));
                    parts.add(part(minutes));
                }
                case Piece.Hours hours ->
                    parts.add(whole(Slots.hours(hours.day()), "hour", hours.first(), hours.last()));
                case Piece.PartOfHour part -> parts.add(cut(Slots.hoursOfDayOf(part.hour()), Cut.of(part)));
                case Piece.Days days -> parts.add(whole("day", "day", days.first(), days.last()));
                case Piece.PartOfDay part -> parts.add(cut("day", Cut.of(part)));
            }
        }
        if (!pieces.stream().allMatch(Piece.Minutes.class::isInstance)) {
            parts.add(holders(window));
        }
        tables.add("totals AS (SELECT *, flatten(list_transform(held, lambda each: each.pids)) AS pids,"
                + " flatten(list_transform(held, lambda each: each.starts)) AS starts FROM (SELECT flow, "
                + folded("latest", "most_processes")
                + ", flatten(list(processes) FILTER (processes IS NOT NULL)) AS held FROM (" + parts
                + ") GROUP BY flow HAVING count(latest) > 0))");
        return String.join(", ", tables);
    }

    /** So that a window without any piece is an empty answer, of the same columns. */
    private static String nothing() {
        return "SELECT 0::INTEGER AS flow, 0::BIGINT AS opened, 0::BIGINT AS closed, 0::BIGINT AS failed,"
                + " 0::BIGINT AS client_bytes, 0::BIGINT AS server_bytes, 0::BIGINT AS retransmits,"
                + " 0::BIGINT AS active, 0::BIGINT AS latest, 0::INTEGER AS rtt_micros, 0::BIGINT AS first_seen,"
                + " 0::BIGINT AS last_seen, 0::SMALLINT AS evidence, 0::BIGINT AS most_processes, "
                + NO_PROCESSES + " AS processes WHERE false";
    }

    /** Read twice: they are too many to be held. */
    private static String rows(Piece.Minutes piece) {
        return "rows_" + piece.hour() + " AS NOT MATERIALIZED (SELECT rowid AS place, * FROM "
                + Kind.FLOW.slot(piece.hour()) + " WHERE minute BETWEEN " + piece.first() + " AND " + piece.last()
                + ")";
    }

    private static String part(Piece.Minutes piece) {
        return "SELECT " + String.join(", ", COLUMNS) + " FROM (SELECT flow, max(minute) AS latest, " + OF_MINUTES
                + ", list(DISTINCT {'pids': pids, 'starts': starts}) FILTER (len(pids) > 0) AS processes FROM "
                + winners("rows_" + piece.hour()) + " GROUP BY flow)";
    }

    /** Rows of whole slots. */
    private static String whole(String table, String slot, long first, long last) {
        long minutes = slot.equals("hour") ? Slots.MINUTES_AN_HOUR : Slots.MINUTES_AN_HOUR * Slots.HOURS_A_DAY;
        return "SELECT " + columns("(" + slot + " + 1) * " + minutes + " - 1 AS latest") + " FROM " + table + " WHERE "
                + slot + " BETWEEN " + first + " AND " + last;
    }

    private static String columns(String latest) {
        return String.join(
                ", ",
                COLUMNS.stream()
                        .map(each -> switch (each) {
                            case "latest" -> latest;
                            case "processes" -> NO_PROCESSES + " AS processes";
                            default -> each;
                        })
                        .toList());
    }

    /** Presence, first and last seen are those of the units asked for, the sums those of the slot. */
    private static String cut(String table, Cut cut) {
        String smeared = "s | (s >> 1) AS s1, s1 | (s1 >> 2) AS s2, s2 | (s2 >> 4) AS s4, s4 | (s4 >> 8) AS s8,"
                + " s8 | (s8 >> 16) AS s16, s16 | (s16 >> 32) AS s32";
        String first = cut.startMillis() + " + bit_count((s & -s) - 1) * " + cut.unitMillis();
        String last = cut.startMillis() + " + bit_count(s32) * " + cut.unitMillis() + " - 1";
        return "SELECT "
                + columns(cut.lastMinute() + "::BIGINT AS latest")
                        .replace("first_seen", "greatest(first_seen, " + first + ") AS first_seen")
                        .replace("last_seen", "least(last_seen, " + last + ") AS last_seen")
                + " FROM (SELECT *, (mask & " + cut.mask() + ") AS s, " + smeared + " FROM " + table + " WHERE "
                + cut.slot() + " = " + cut.number() + ") WHERE s <> 0";
    }

    /** The processes of hour and day rows stand apart, as spans of time; they make no flow present. */
    private static String holders(Window window) {
        return "SELECT flow, 0 AS opened, 0 AS closed, 0 AS failed, NULL AS client_bytes, NULL AS server_bytes,"
                + " 0 AS retransmits, NULL AS active, NULL AS latest, NULL AS rtt_micros, NULL AS first_seen,"
                + " NULL AS last_seen, NULL AS evidence, NULL AS most_processes,"
                + " [{'pids': list(pid), 'starts': list(start)}] AS processes FROM (SELECT DISTINCT flow, pid, start"
                + " FROM process WHERE first_minute <= " + window.lastMinute() + " AND last_minute >= "
                + window.firstMinute() + ") GROUP BY flow";
    }
}
