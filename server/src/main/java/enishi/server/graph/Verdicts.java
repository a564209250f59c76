package enishi.server.graph;

import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.HostWatch;
import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Coverage read as a verdict over a window. Costs as much as there is coverage, however long the window: what nobody
 * watched is one gap.
 */
public final class Verdicts {
    /** What an agent has seen may take this long to arrive: the end of a window that ends now is not yet a gap. */
    public static final Duration SETTLING = Duration.ofSeconds(30);

    private Verdicts() {}

    /**
     * Judges each host concerned.
     *
     * @param runs coverage of any hosts, no minute of a host twice
     */
    public static CoverageVerdict of(
            Window window, Instant now, Collection<HostCoverage> runs, Map<HostId, String> concerned) {
        Map<HostId, List<HostCoverage>> byHost = new HashMap<>();
        runs.forEach(each ->
                byHost.computeIfAbsent(each.host(), host -> new ArrayList<>()).add(each));
        Instant settled = settled(window, now);
        List<HostWatch> watches = concerned.entrySet().stream()
                .map(host -> {
                    WatchedSeconds seconds = new WatchedSeconds(window, settled);
                    List<HostCoverage> own = byHost.getOrDefault(host.getKey(), List.of());
                    return watch(host, own, seconds);
                })
                .sorted(Comparator.comparing(HostWatch::host).thenComparing(HostWatch::hostId))
                .toList();
        boolean none = watches.stream().allMatch(each -> each.watchedSeconds() == 0);
        boolean whole = watches.stream().allMatch(Verdicts::isWhole);
        return new CoverageVerdict(none ? Verdict.NOT_WATCHED : whole ? Verdict.COMPLETE : Verdict.GAPS, watches);
    }

    /** Whether every second of the window was watched on a host and nothing was lost. */
    static boolean isWhole(HostWatch host) {
        return host.gaps().isEmpty() && host.lost() == 0 && host.dropped() == 0 && host.unaccounted() == 0;
    }

    /** The end of that part of a window about which everything must have arrived by now. */
    private static Instant settled(Window window, Instant now) {
        Instant end = now.minus(SETTLING);
        if (window.to().isBefore(end)) {
            return window.to();
        }
        return end.isAfter(window.from()) ? end : window.from().plusSeconds(1);
    }

    private static HostWatch watch(Map.Entry<HostId, String> host, List<HostCoverage> runs, WatchedSeconds seconds) {
        runs.stream()
                .sorted(Comparator.comparingLong(each -> each.coverage().minute()))
                .forEach(seconds::add);
        seconds.end();
        return new HostWatch(
                host.getValue(),
                host.getKey().toString(),
                worst(runs),
                seconds.watched(),
                seconds.longestGaps(),
                seconds.moreGaps(),
                sum(runs, Coverage::seen),
                sum(runs, Coverage::lost),
                sum(runs, Coverage::dropped),
                sum(runs, Coverage::unknownOwner),
                runs.stream()
                        .mapToLong(each -> each.coverage().unseenPeers())
                        .max()
                        .orElse(0),
                sum(runs, Coverage::unaccounted),
                clockOffset(runs));
    }

    private static long sum(List<HostCoverage> runs, ToLongFunction<Coverage> what) {
        return runs.stream()
                .mapToLong(each -> what.applyAsLong(each.coverage()))
                .reduce(0, FlowTotals::sum);
    }

    private static @Nullable Long clockOffset(List<HostCoverage> runs) {
        return runs.stream()
                .map(HostCoverage::clockOffsetMillis)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static @Nullable Rung worst(List<HostCoverage> runs) {
        return runs.stream()
                .map(each -> each.coverage().rung())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
