package enishi.lab.accuracy;

import enishi.answer.CoverageVerdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a rung says it did not watch, by host. */
record Watched(Map<String, List<Gap>> gaps) {
    static Watched of(CoverageVerdict coverage) {
        return new Watched(coverage.hosts().stream().collect(Collectors.toMap(HostWatch::host, Watched::whole)));
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
