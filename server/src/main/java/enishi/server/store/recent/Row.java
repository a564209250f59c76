package enishi.server.store.recent;

import java.util.Arrays;

/**
 * One minute of something as bytes, and as fields while it is written or read. Its length comes first, then the minute
 * beside a small number of its own, then which fields follow, then the report that told it; numbers take seven bits a
 * byte, the lowest first, negative ones zigzag. What is usual takes no byte.
 */
abstract class Row {
    private static final int LONGEST = 160;
    private static final int LENGTH = 0;
    private static final int MINUTE = 1;
    private static final int HAS = 2;
    private static final int REPORT = 3;

    /** Minutes since the start of the slot, fewer than 16. */
    int minute;

    /** Which report told it, as the slot numbers them. */
    int report;

    /** Less than 16. */
    int small;

    /** Which fields follow, a bit each. */
    int has;

    private byte[] bytes = {};
    private int at;

    /** Reads what stands after the report. */
    abstract void readRest(long slotMinute);

    /** Writes what stands after the report, and sets what stands before it. */
    abstract void writeRest(long slotMinute);

    /** Reads a row. @return where the next begins */
    final int read(byte[] from, int start, long slotMinute) {
        bytes = from;
        minute = minuteAt(from, start);
        small = from[start + MINUTE] >> 4 & 15;
        has = from[start + HAS] & 0xff;
        at = start + REPORT;
        report = (int) number();
        readRest(slotMinute);
        return nextAfter(from, start);
    }

    /** The row as bytes. */
    final byte[] write(long slotMinute) {
        bytes = new byte[LONGEST];
        at = REPORT;
        number(report);
        has = 0;
        writeRest(slotMinute);
        bytes[LENGTH] = (byte) at;
        bytes[MINUTE] = (byte) (minute | small << 4);
        bytes[HAS] = (byte) has;
        return Arrays.copyOf(bytes, at);
    }

    /** Where the row after that at a place begins. */
    static int nextAfter(byte[] rows, int start) {
        return start + (rows[start + LENGTH] & 0xff);
    }

    static int minuteAt(byte[] rows, int start) {
        return rows[start + MINUTE] & 15;
    }

    /** Which report told the row at a place. */
    static int reportAt(byte[] rows, int start) {
        int value = 0;
        int shift = 0;
        int place = start + REPORT;
        while (rows[place] < 0) {
            value |= (rows[place++] & 0x7f) << shift;
            shift += 7;
        }
        return value | rows[place] << shift;
    }

    /** Writes a number unless it is the usual one, and notes which. */
    final void optional(int flag, long value, long usual) {
        if (value != usual) {
            has |= flag;
            number(value);
        }
    }

    /** Reads a number if it was written, else it is the usual one. */
    final long optional(int flag, long usual) {
        return (has & flag) != 0 ? number() : usual;
    }

    final void number(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    final long number() {
        long value = bytes[at++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7f;
        int shift = 7;
        byte next = bytes[at++];
        while (next < 0) {
            value |= (next & 0x7fL) << shift;
            shift += 7;
            next = bytes[at++];
        }
        return value | (long) next << shift;
    }

    final void zigzag(long value) {
        number(value << 1 ^ value >> 63);
    }

    final long zigzag() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }
}
