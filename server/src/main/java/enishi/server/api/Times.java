package enishi.server.api;

import enishi.model.Window;
import io.helidon.http.Status;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The window asked about: {@code since} and {@code until}, or {@code at} for one minute; by default the last hour. It
 * never reaches beyond now, for nothing was seen there. Where two windows are compared each is a span.
 */
record Times(Instant now, ZoneId zone) {
    private static final Duration DEFAULT = Duration.ofHours(1);
    private static final Pattern AGO = Pattern.compile("(\\d+)([smhd])");
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    Window window(Optional<String> since, Optional<String> until, Optional<String> at) {
        if (at.isPresent()) {
            if (since.isPresent() || until.isPresent()) {
                throw refuse("'at' says one minute, so 'since' and 'until' cannot be given with it");
            }
            return minute(past("at", at.get()));
        }
        Instant to =
                until.map(text -> instant("until", text)).filter(now::isAfter).orElse(now);
        Instant from = since.map(text -> past("since", text)).orElseGet(() -> to.minus(DEFAULT));
        if (!from.isBefore(to)) {
            throw refuse("'since' (" + from + ") must be before 'until' (" + to + ")");
        }
        return new Window(from, to);
    }

    /** A window written {@code A..B}, or the hour that ends at a time. */
    Window span(String name, String text) {
        int dots = text.indexOf("..");
        Instant end = instant(name, dots < 0 ? text : text.substring(dots + 2));
        Instant to = end.isAfter(now) ? now : end;
        Instant from = dots < 0 ? to.minus(DEFAULT) : past(name, text.substring(0, dots));
        if (!from.isBefore(to)) {
            throw refuse("'" + name + "' is from " + from + " to " + to + ", but must begin before it ends");
        }
        return new Window(from, to);
    }

    private Window minute(Instant at) {
        Instant from = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 60L) * 60);
        Instant to = from.plusSeconds(60);
        return new Window(from, to.isBefore(now) || !from.isBefore(now) ? to : now);
    }

    private Instant past(String name, String text) {
        Instant moment = instant(name, text);
        if (moment.isAfter(now)) {
            throw refuse("'" + name + "' (" + moment + ") lies in the future; it is now " + now);
        }
        return moment;
    }

    /** A moment: now, RFC 3339, without offset in this zone, a date, or so long ago. */
    private Instant instant(String name, String text) {
        Instant moment;
        try {
            Matcher ago = AGO.matcher(text);
            moment = ago.matches() ? now.minus(duration(ago)) : written(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw refuse("'" + name + "' is no time: '" + text + "'; write 2026-11-20T03:00, 2026-11-20T03:00:00Z,"
                    + " 2026-11-20, 30m, 2h or now" + (text.contains(" ") ? "; in a URL, + is written %2B" : ""));
        }
        if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
            throw refuse("'" + name + "' (" + text + ") lies outside of the years 1970 to 9999");
        }
        return moment;
    }

    /** So long ago, at most some thousand years: what overflows lies outside of every bound anyway. */
    private static Duration duration(Matcher ago) {
        String digits = ago.group(1);
        long count = digits.length() > 10 ? 9_999_999_999L : Long.parseLong(digits);
        return switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private Instant written(String text) {
        if (text.equals("now")) {
            return now;
        }
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
        return offset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }

    private static Refusal refuse(String why) {
        return new Refusal(Status.BAD_REQUEST_400, why);
    }
}
