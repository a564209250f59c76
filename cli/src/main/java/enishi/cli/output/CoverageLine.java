package enishi.cli.output;

import enishi.answer.CoverageVerdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The last line of every answer: over which window, and how complete. */
public final class CoverageLine {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private final ZoneId zone;

    public CoverageLine(ZoneId zone) {
        this.zone = zone;
    }

    public String window(Instant from, Instant to) {
        ZonedDateTime start = from.atZone(zone);
        ZonedDateTime end = to.atZone(zone);
        return "window: " + DAY.format(start) + " – " + DAY.format(end) + " " + OFFSET.format(end);
    }

    public String coverage(CoverageVerdict verdict) {
        return switch (verdict.verdict()) {
            case COMPLETE -> "complete (" + watched(verdict) + ")";
            case NOT_WATCHED -> "not watched in this window; an absence means nothing";
            case GAPS -> "gaps (" + watched(verdict) + "): " + gaps(verdict);
        };
    }

    private static String watched(CoverageVerdict verdict) {
        String rungs = verdict.hosts().stream()
                .filter(host -> host.rung() != null)
                .map(host -> host.rung() == null ? "" : host.rung().label())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        int hosts = verdict.hosts().size();
        return hosts + (hosts == 1 ? " host" : " hosts") + (rungs.isEmpty() ? "" : ", " + rungs);
    }

    private String gaps(CoverageVerdict verdict) {
        List<String> parts = new ArrayList<>();
        int shown = 0;
        for (HostWatch host : verdict.hosts()) {
            String part = of(host);
            if (!part.isEmpty() && shown++ < 3) {
                parts.add(part);
            }
        }
        if (shown > 3) {
            parts.add((shown - 3) + (shown == 4 ? " more host" : " more hosts"));
        }
        return String.join("; ", parts);
    }

    private String of(HostWatch host) {
        List<String> parts = new ArrayList<>();
        if (host.watchedSeconds() == 0) {
            parts.add("not watched");
        } else if (!host.gaps().isEmpty()) {
            Gap longest = host.gaps().getFirst();
            int more = host.gaps().size() - 1 + host.moreGaps();
            parts.add(span(longest) + (more > 0 ? " and " + more + " more" : ""));
        }
        if (host.lost() > 0) {
            parts.add(host.lost() + " lost");
        }
        if (host.dropped() > 0) {
            parts.add(host.dropped() + " dropped");
        }
        if (host.unaccounted() > 0) {
            parts.add(host.unaccounted() + " unaccounted");
        }
        return parts.isEmpty() ? "" : Text.safe(host.host()) + " " + String.join(", ", parts);
    }

    private String span(Gap gap) {
        return CLOCK.format(gap.from().atZone(zone)) + " – " + new Moments(zone, gap.from()).shortly(gap.to()) + " ("
                + Moments.lasting(Duration.between(gap.from(), gap.to())) + ")";
    }
}
