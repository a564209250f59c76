package enishi.server.api;

import enishi.model.Window;
import io.helidon.http.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The window asked about: {@code since} and {@code until}, or {@code at} for one minute; by default the last hour. */
record Times(Instant now, ZoneId zone) {
    private static final Duration DEFAULT = Duration.ofHours(1);
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

    Window window(Optional<String> since, Optional<String> until, Optional<String> at) {
        if (at.isPresent()) {
            if (since.isPresent() || until.isPresent()) {
                throw refuse("'at' says one minute, so 'since' and 'until' cannot be given with it");
            }
            Instant minute =
                    Instant.ofEpochSecond(Math.floorDiv(instant(at.get()).getEpochSecond(), 60L) * 60);
            return new Window(minute, minute.plusSeconds(60));
        }
        Instant to = until.map(this::instant).orElse(now);
        Instant from = since.map(this::instant).orElse(to.minus(DEFAULT));
        if (!from.isBefore(to)) {
            throw refuse("'since' (" + from + ") must be before 'until' (" + to + ")");
        }
        return new Window(from, to);
    }

    /** A moment: RFC 3339, without offset in this zone, a date, or so long ago. */
    private Instant instant(String text) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        try {
            boolean date = !text.contains("T");
            boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
            if (date) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            return offset
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw refuse(
                    "'" + text + "' is no time: write 2026-11-20T03:00, 2026-11-20T03:00:00Z, 2026-11-20, 30m or 2h");
        }
    }

    private static Refusal refuse(String why) {
        return new Refusal(Status.BAD_REQUEST_400, why);
    }
}
