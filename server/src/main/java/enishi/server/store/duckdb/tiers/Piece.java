package enishi.server.store.duckdb.tiers;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A part of a window that is read from one table. The pieces of a window cover it once and never overlap. */
sealed interface Piece {

    /** Minute rows of one hour; both ends inclusive. */
    record Minutes(long hour, long first, long last) implements Piece {}

    /** Hour rows of one day, of whole hours; both ends inclusive. */
    record Hours(long day, long first, long last) implements Piece {}

    /** One hour row of which only some minutes are asked for: presence is exact, its sums are those of the hour. */
    record PartOfHour(long hour, long firstMinute, long lastMinute) implements Piece {}

    /** Day rows of whole days; both ends inclusive. */
    record Days(long first, long last) implements Piece {}

    /** One day row of which only some hours are asked for: its sums are those of the day. */
    record PartOfDay(long day, long firstHour, long lastHour) implements Piece {}

    /** The pieces of a window, oldest first; both ends are minutes since the epoch, inclusive. */
    static List<Piece> of(Slots slots, long first, long last) {
        List<Piece> pieces = new ArrayList<>();
        for (long day : days(slots, Slots.dayOf(Slots.hourOf(first)), Slots.dayOf(Slots.hourOf(last)))) {
            long firstHour = Math.max(Slots.hourOf(first), day * Slots.HOURS_A_DAY);
            long lastHour = Math.min(Slots.hourOf(last), Slots.hourAfter(day) - 1);
            boolean wholeDay = first <= day * Slots.HOURS_A_DAY * Slots.MINUTES_AN_HOUR
                    && last >= Slots.hourAfter(day) * Slots.MINUTES_AN_HOUR - 1;
            if (slots.isDaySealed(day) && (wholeDay || !slots.hourTables().contains(day))) {
                pieces.add(wholeDay ? new Days(day, day) : new PartOfDay(day, firstHour, lastHour));
            } else {
                for (long hour : slots.hoursOf(day).subSet(firstHour, true, lastHour, true)) {
                    pieces.add(ofHour(slots, hour, first, last));
                }
            }
        }
        return joined(pieces);
    }

    private static NavigableSet<Long> days(Slots slots, long first, long last) {
        NavigableSet<Long> days = new TreeSet<>();
        slots.minuteRows().keySet().forEach(hour -> days.add(Slots.dayOf(hour)));
        slots.sealedHours().keySet().forEach(hour -> days.add(Slots.dayOf(hour)));
        days.addAll(slots.sealedDays().keySet());
        return days.subSet(first, true, last, true);
    }

    private static Piece ofHour(Slots slots, long hour, long first, long last) {
        long from = Math.max(first, hour * Slots.MINUTES_AN_HOUR);
        long to = Math.min(last, (hour + 1) * Slots.MINUTES_AN_HOUR - 1);
        boolean whole = to - from == Slots.MINUTES_AN_HOUR - 1;
        if (slots.hasMinutes(hour) && !(whole && slots.isSealed(hour))) {
            return new Minutes(hour, from, to);
        }
        return whole ? new Hours(Slots.dayOf(hour), hour, hour) : new PartOfHour(hour, from, to);
    }

    /** Neighbours of one table as one piece: hours without any rows between them do no harm. */
    private static List<Piece> joined(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        for (Piece each : pieces) {
            Piece before = joined.isEmpty() ? null : joined.getLast();
            if (each instanceof Hours hours && before instanceof Hours earlier && earlier.day == hours.day) {
                joined.set(joined.size() - 1, new Hours(hours.day, earlier.first, hours.last));
            } else if (each instanceof Days days && before instanceof Days earlier) {
                joined.set(joined.size() - 1, new Days(earlier.first, days.last));
            } else {
                joined.add(each);
            }
        }
        return joined;
    }
}
