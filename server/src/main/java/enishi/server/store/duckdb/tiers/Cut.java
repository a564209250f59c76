package enishi.server.store.duckdb.tiers;

/**
 * A slot of hour or day rows of which only some units are asked for.
 *
 * @param slot the column that numbers the slot, {@code hour} or {@code day}
 * @param number which slot
 * @param unitMillis how long a unit is
 * @param units how many units a slot has
 * @param mask the units asked for, bit n for unit n
 */
record Cut(String slot, long number, long unitMillis, long units, long mask) {
    private static final long MINUTE_MILLIS = 60_000;

    static Cut of(Piece.PartOfHour part) {
        long start = part.hour() * Slots.MINUTES_AN_HOUR;
        return new Cut(
                "hour",
                part.hour(),
                MINUTE_MILLIS,
                Slots.MINUTES_AN_HOUR,
                bits(part.firstMinute() - start, part.lastMinute() - start));
    }

    static Cut of(Piece.PartOfDay part) {
        long start = part.day() * Slots.HOURS_A_DAY;
        return new Cut(
                "day",
                part.day(),
                MINUTE_MILLIS * Slots.MINUTES_AN_HOUR,
                Slots.HOURS_A_DAY,
                bits(part.firstHour() - start, part.lastHour() - start));
    }

    private static long bits(long first, long last) {
        return (1L << (last + 1)) - (1L << first);
    }

    long startMillis() {
        return number * units * unitMillis;
    }

    long lastMinute() {
        return (startMillis() + units * unitMillis) / MINUTE_MILLIS - 1;
    }

    /** When the first of these units begins, milliseconds since the epoch. */
    long firstMillis(long present) {
        return startMillis() + Long.numberOfTrailingZeros(present) * unitMillis;
    }

    /** The last millisecond of the last of these units. */
    long lastMillis(long present) {
        return startMillis() + (Long.SIZE - Long.numberOfLeadingZeros(present)) * unitMillis - 1;
    }
}
