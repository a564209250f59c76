package enishi.server.store.recent;

import java.util.Arrays;

/**
 * One observation of a flow as bytes, and as fields while it is written or read. Its length comes first, then the
 * minute and the evidence, then which fields follow; numbers take seven bits a byte, the lowest first, negative ones
 * zigzag. What is usual takes no byte: nothing failed, nothing retransmitted, as many closed as opened.
 */
final class Row {
    private static final int LONGEST = 160;
    private static final int HAS_TRAFFIC = 1;
    private static final int HAS_OPENED = 2;
    private static final int HAS_CLOSED = 4;
    private static final int HAS_ACTIVE = 8;
    private static final int HAS_FAILED = 16;
    private static final int HAS_RTT = 32;
    private static final int HAS_RETRANSMITS = 64;
    private static final int HAS_MORE = 128;
    private static final long MINUTE_MILLIS = 60_000;

    /** Minutes since the start of the slot, fewer than 16. */
    int minute;

    /** What proved the role, which report told it and which processes it names, as the slot numbers them. */
    int evidence;

    int report;

    int processes;
    boolean hasTraffic;
    long opened;
    long closed;
    long active;
    long failed;
    long clientBytes;
    long serverBytes;
    int rttMicros;
    long retransmits;
    long moreProcesses;

    /** Since the epoch. */
    long firstSeenMillis;

    long lastSeenMillis;
    private byte[] bytes = new byte[LONGEST];
    private int at;

    /** Reads a row. @return where the next begins */
    int read(byte[] from, int start, long slotMinute) {
        bytes = from;
        at = start;
        int length = bytes[at++] & 0xff;
        int head = bytes[at++] & 0xff;
        int has = bytes[at++] & 0xff;
        minute = head & 15;
        evidence = head >> 4;
        report = (int) number();
        processes = (int) number();
        hasTraffic = (has & HAS_TRAFFIC) != 0;
        clientBytes = hasTraffic ? number() : 0;
        serverBytes = hasTraffic ? number() : 0;
        opened = (has & HAS_OPENED) != 0 ? number() : 0;
        closed = (has & HAS_CLOSED) != 0 ? number() : opened;
        active = (has & HAS_ACTIVE) != 0 ? number() : 0;
        failed = (has & HAS_FAILED) != 0 ? number() : 0;
        rttMicros = (has & HAS_RTT) != 0 ? (int) number() : 0;
        retransmits = (has & HAS_RETRANSMITS) != 0 ? number() : 0;
        moreProcesses = (has & HAS_MORE) != 0 ? number() : 0;
        firstSeenMillis = zigzag() + (slotMinute + minute) * MINUTE_MILLIS;
        lastSeenMillis = zigzag() + firstSeenMillis;
        return start + length;
    }

    /** Only the minute and the report of a row. @return where the next begins */
    int readKey(byte[] from, int start) {
        bytes = from;
        at = start + 1;
        minute = bytes[at] & 15;
        at += 2;
        report = (int) number();
        return start + (from[start] & 0xff);
    }

    /** The row as bytes. */
    byte[] write(long slotMinute) {
        bytes = new byte[LONGEST];
        at = 3;
        int has = 0;
        number(report);
        number(processes);
        if (hasTraffic) {
            has |= HAS_TRAFFIC;
            number(clientBytes);
            number(serverBytes);
        }
        has |= optional(HAS_OPENED, opened, 0);
        has |= optional(HAS_CLOSED, closed, opened);
        has |= optional(HAS_ACTIVE, active, 0);
        has |= optional(HAS_FAILED, failed, 0);
        has |= optional(HAS_RTT, rttMicros, 0);
        has |= optional(HAS_RETRANSMITS, retransmits, 0);
        has |= optional(HAS_MORE, moreProcesses, 0);
        zigzag(firstSeenMillis - (slotMinute + minute) * MINUTE_MILLIS);
        zigzag(lastSeenMillis - firstSeenMillis);
        bytes[0] = (byte) at;
        bytes[1] = (byte) (minute | evidence << 4);
        bytes[2] = (byte) has;
        return Arrays.copyOf(bytes, at);
    }

    private int optional(int flag, long value, long usual) {
        if (value == usual) {
            return 0;
        }
        number(value);
        return flag;
    }

    private void number(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    private long number() {
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

    private void zigzag(long value) {
        number(value << 1 ^ value >> 63);
    }

    private long zigzag() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }
}
