package enishi.lab.accuracy;

import enishi.answer.CoverageVerdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a rung says it did not watch.
 *
 * @param gaps by host
 * @param undecided seconds of hosts that are neither watched nor a gap: what was seen in them may still arrive
 */
record Watched(Map<String, List<Gap>> gaps, long undecided) {
    static final Watched NOTHING = new Watched(Map.of(), 0);

    /** Of a window. */
    static Watched of(CoverageVerdict coverage, Instant from, Instant until) {
        long seconds = until.minusNanos(1).getEpochSecond() + 1 - from.getEpochSecond();
        return new Watched(
                coverage.hosts().stream().collect(Collectors.toMap(HostWatch::host, Watched::whole)),
                coverage.hosts().stream()
                        .mapToLong(each -> seconds - each.watchedSeconds() - seconds(whole(each)))
                        .sum());
    }

    private static long seconds(List<Gap> gaps) {
        return gaps.stream()
                .mapToLong(each -> Duration.between(each.from(), each.to()).toSeconds())
                .sum();
    }

    private static List<Gap> whole(HostWatch host) {
        if (host.moreGaps() > 0) {
            throw new IllegalStateException(host.host() + " has more gaps than an answer names");
        }
        return host.gaps();
    }

    /** Whether all of a span was watched on a host. */
    boolean covers(String host, Instant from, Instant to) {
        List<Gap> all = gaps.get(host);
        return all != null
                && all.stream()
                        .noneMatch(each -> each.from().isBefore(to) && each.to().isAfter(from));
    }

    /** Whether a host is said not to have been watched at that moment. */
    boolean lacks(String host, Instant at) {
        return !covers(host, at, at.plusNanos(1));
    }
}
