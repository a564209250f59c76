package enishi.server.store;

/**
 * How long what is kept. Hours and days are kept for ever, unless there is no room.
 *
 * @param minuteHours how many hours of minute rows; what comes later than that is refused
 * @param bytesMax what the database may take on disk; beyond, minute rows go first, then the oldest hour rows
 */
public record Retention(int minuteHours, long bytesMax) {
    /** Two days of minute rows, and no bound on the rest. */
    public static final Retention DEFAULT = new Retention(48, Long.MAX_VALUE);

    public Retention {
        if (minuteHours < 2 || bytesMax < 1) {
            throw new IllegalArgumentException("at least two hours of minute rows and some room, not " + minuteHours
                    + " hours and " + bytesMax + " bytes");
        }
    }
}
