package enishi.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Moments as short as a reader of one answer needs them: the day of the answer's end goes without saying. */
public final class Moments {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY_AND_CLOCK = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private final ZoneId zone;
    private final ZonedDateTime end;

    public Moments(ZoneId zone, Instant end) {
        this.zone = zone;
        this.end = end.atZone(zone);
    }

    /** {@code 09:15:00} on the last day of the answer, else {@code 11-20 09:15:00}, else with the year. */
    public String shortly(Instant moment) {
        ZonedDateTime local = moment.atZone(zone);
        if (local.toLocalDate().equals(end.toLocalDate())) {
            return CLOCK.format(local);
        }
        return local.getYear() == end.getYear() ? DAY_AND_CLOCK.format(local) : YEAR.format(local);
    }

    /** The two largest units: {@code 3 s}, {@code 2 min 5 s}, {@code 4 h 2 min}, {@code 9 d 3 h}. */
    public static String lasting(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 86_400
                ? two(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
                : two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
    }

    private static String two(long many, String unit, long rest, String smaller) {
        return many + " " + unit + (rest == 0 ? "" : " " + rest + " " + smaller);
    }
}
