package enishi.lab;

import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the server keeps of a poster's reports, held against what the poster sent. */
final class PosterTruth {
    private long reports;
    private long lost;
    private long doubled;
    private long torn;

    /** Connections of reports, and what became of them: all but the first should be 0. */
    record Verdict(long reports, long lost, long doubled, long torn) {}

    PosterTruth() {
        this(new Verdict(0, 0, 0, 0));
    }

    /** Goes on counting after what was found before. */
    PosterTruth(Verdict before) {
        reports = before.reports();
        lost = before.lost();
        doubled = before.doubled();
        torn = before.torn();
    }

    Verdict verdict() {
        return new Verdict(reports, lost, doubled, torn);
    }

    /**
     * Checks one minute: each acknowledged report is there whole and once, any other whole or not at all.
     *
     * @param sent what the poster of this name sent of the minute
     * @param export what the server keeps of it
     */
    void check(String name, List<Poster.Sent> sent, Requests.Export export) {
        Map<Integer, Long> stored = stored(export.dependencies(), name);
        long greatest = 0;
        for (Poster.Sent each : sent) {
            reports++;
            int there = 0;
            for (int port = each.port; port < each.port + Poster.OWN_FLOWS; port++) {
                long count = Objects.requireNonNullElse(stored.remove(port), 0L);
                there += count > 0 ? 1 : 0;
                count(count, count > 0 || each.acknowledged ? each.own : 0);
            }
            torn += there == 0 || there == Poster.OWN_FLOWS ? 0 : 1;
            greatest = there > 0 ? Math.max(greatest, each.growing) : greatest;
        }
        count(Objects.requireNonNullElse(stored.remove(Poster.GROWING_PORT), 0L), greatest);
        count(seen(export, name), greatest);
        doubled += stored.values().stream().mapToLong(Long::longValue).sum(); // of no report at all
    }

    private void count(long stored, long truth) {
        lost += Math.max(0, truth - stored);
        doubled += Math.max(0, stored - truth);
    }

    private static Map<Integer, Long> stored(List<Dependency> dependencies, String host) {
        Map<Integer, Long> stored = new HashMap<>();
        for (Dependency each : dependencies) {
            Integer port = each.server().port();
            if (port != null && host.equals(each.client().host())) {
                stored.merge(port, each.connections(), Long::sum);
            }
        }
        return stored;
    }

    private static long seen(Requests.Export export, String host) {
        return export.coverage().hosts().stream()
                .filter(each -> each.host().equals(host))
                .mapToLong(HostWatch::seen)
                .sum();
    }
}
