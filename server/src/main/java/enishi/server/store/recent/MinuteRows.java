package enishi.server.store.recent;

import enishi.server.store.recent.Recent.Told;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of one slot that count, by the number of what they tell of, one after the other. Of the rows of one minute
 * and incarnation only that of the greatest sequence is kept.
 */
final class MinuteRows {
    /** What an array takes beside its bytes. */
    private static final int OVERHEAD = 20;

    private static final byte[] NONE = {};
    /** What a place in the list takes, also where there is nothing. */
    private static final int PLACE = 4;

    private byte[][] rows = new byte[16][];
    private long bytes;

    /** About how much memory they take. */
    long bytes() {
        return bytes + (long) rows.length * PLACE;
    }

    /** Those of a number, none if there are none. */
    byte[] of(int number) {
        return number < rows.length && rows[number] != null ? rows[number] : NONE;
    }

    /**
     * Puts a row unless a later report has told that minute, or the same one has.
     *
     * @param first whether it came before all that is here: of the same report's the first that came counts
     */
    void put(int number, Row row, Numbered<Told> reports, long slotMinute, boolean first) {
        if (number >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(number + 1, rows.length / 2 * 3));
        }
        Told told = reports.get(row.report);
        byte[] before = of(number);
        int next;
        for (int at = 0; at < before.length; at = next) {
            next = Row.nextAfter(before, at);
            Told earlier = reports.get(Row.reportAt(before, at));
            if (Row.minuteAt(before, at) == row.minute && earlier.incarnation() == told.incarnation()) {
                if (earlier.sequence() > told.sequence() || (!first && earlier.sequence() == told.sequence())) {
                    return;
                }
                before = without(before, at, next);
                break;
            }
        }
        byte[] added = row.write(slotMinute);
        byte[] all = Arrays.copyOf(before, before.length + added.length);
        System.arraycopy(added, 0, all, before.length, added.length);
        bytes += all.length + OVERHEAD - (rows[number] == null ? 0 : rows[number].length + OVERHEAD);
        rows[number] = all;
    }

    private static byte[] without(byte[] all, int from, int to) {
        byte[] others = new byte[all.length - (to - from)];
        System.arraycopy(all, 0, others, 0, from);
        System.arraycopy(all, to, others, from, all.length - to);
        return others;
    }

    /** The numbers of which there are rows. */
    IntStream numbers() {
        return IntStream.range(0, rows.length).filter(each -> rows[each] != null);
    }

    /** Gives each number of which there are rows another. */
    void renumber(int[] numbers) {
        byte[][] before = rows;
        int size = numbers().map(each -> numbers[each] + 1).max().orElse(1);
        rows = new byte[size][];
        for (int each = 0; each < before.length; each++) {
            if (before[each] != null) {
                rows[numbers[each]] = before[each];
            }
        }
    }
}
