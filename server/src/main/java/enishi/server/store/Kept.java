package enishi.server.store;

import enishi.answer.Precision;
import enishi.model.Window;

/**
 * From when on which precision is kept, of flows and of coverage; presence is exact to the minute as long as hour rows
 * are kept, sums that cut an hour as long as minute rows are. What was watched is exact to the minute for good.
 *
 * @param minutesFrom the first minute after the last hour whose minute rows were dropped; the smallest number: none was
 * @param hoursFrom the first minute after the last day whose hour rows were dropped; the smallest number: none was
 */
public record Kept(long minutesFrom, long hoursFrom) {
    public static final Kept ALL = new Kept(Long.MIN_VALUE, Long.MIN_VALUE);
    private static final long MINUTES_AN_HOUR = 60;
    private static final long MINUTES_A_DAY = 1_440;

    /** How exact an answer about a window is. */
    public Precision precision(Window window) {
        if (cuts(window, hoursFrom, MINUTES_A_DAY)) {
            return Precision.TO_THE_DAY;
        }
        return cuts(window, minutesFrom, MINUTES_AN_HOUR) ? Precision.SUMS_TO_THE_HOUR : Precision.EXACT;
    }

    /** Whether the window begins or ends within a slot, that is not kept more precisely. */
    private static boolean cuts(Window window, long keptFrom, long slot) {
        long first = window.firstMinute();
        long end = window.lastMinute() + 1;
        boolean cutAtTheStart = first < keptFrom && Math.floorMod(first, slot) != 0;
        boolean cutAtTheEnd = end < keptFrom && Math.floorMod(end, slot) != 0;
        return cutAtTheStart || cutAtTheEnd;
    }
}
