package enishi.server.graph;

import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.HostCoverage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Coverage rows read as a verdict over a window. */
public final class Verdicts {
    /** What an agent has seen may take this long to arrive: the end of a window that ends now is not yet a gap. */
    public static final Duration SETTLING = Duration.ofSeconds(30);

    private static final int GAPS_MAX = 10;

    private Verdicts() {}

    /**
     * Judges each host concerned.
     *
     * @param rows coverage of any hosts, at most one row per host and minute
     */
    public static CoverageVerdict of(
            Window window, Instant now, Collection<HostCoverage> rows, Map<HostId, String> concerned) {
        Map<HostId, Map<Long, Coverage>> byHost = new HashMap<>();
        rows.forEach(row -> byHost.computeIfAbsent(row.host(), host -> new HashMap<>())
                .put(row.coverage().minute(), row.coverage()));
        List<HostWatch> watches = concerned.entrySet().stream()
                .map(host -> watch(
                        host.getKey(),
                        host.getValue(),
                        byHost.getOrDefault(host.getKey(), Map.of()),
                        new Span(window, settled(window, now))))
                .sorted(Comparator.comparing(HostWatch::host).thenComparing(HostWatch::hostId))
                .toList();
        boolean none = watches.stream().allMatch(each -> each.watchedSeconds() == 0);
        boolean whole =
                watches.stream().allMatch(each -> each.gaps().isEmpty() && each.lost() == 0 && each.dropped() == 0);
        return new CoverageVerdict(none ? Verdict.NOT_WATCHED : whole ? Verdict.COMPLETE : Verdict.GAPS, watches);
    }

    /** A window, and the part of it about which everything must have arrived by now. */
    private record Span(Window whole, Window settled) {}

    private static Window settled(Window window, Instant now) {
        Instant end = now.minus(SETTLING);
        if (window.to().isBefore(end)) {
            return window;
        }
        return new Window(
                window.from(), end.isAfter(window.from()) ? end : window.from().plusSeconds(1));
    }

    private static HostWatch watch(HostId id, String name, Map<Long, Coverage> minutes, Span span) {
        long first = span.whole().from().getEpochSecond();
        long last = span.whole().to().minusNanos(1).getEpochSecond();
        long settled = span.settled().to().minusNanos(1).getEpochSecond();
        Gaps gaps = new Gaps(first);
        long watched = 0;
        for (long minute = Math.floorDiv(first, 60L); minute <= Math.floorDiv(last, 60L); minute++) {
            Coverage coverage = minutes.get(minute);
            long mask = coverage == null ? 0 : coverage.watchedSeconds();
            for (long second = Math.max(first, minute * 60); second <= Math.min(last, minute * 60 + 59); second++) {
                boolean seen = (mask >>> (second - minute * 60) & 1) != 0;
                watched += seen ? 1 : 0;
                if (second <= settled) {
                    gaps.second(second, seen);
                }
            }
        }
        List<Gap> all = gaps.end(settled + 1);
        List<Gap> longest = all.stream()
                .sorted(Comparator.comparing((Gap gap) -> Duration.between(gap.to(), gap.from())))
                .limit(GAPS_MAX)
                .toList();
        return new HostWatch(
                name,
                id.toString(),
                worst(minutes.values()),
                watched,
                longest,
                all.size() - longest.size(),
                sum(minutes, Coverage::seen),
                sum(minutes, Coverage::lost),
                sum(minutes, Coverage::dropped),
                sum(minutes, Coverage::unknownOwner),
                minutes.values().stream().mapToLong(Coverage::unseenPeers).max().orElse(0));
    }

    private static long sum(Map<Long, Coverage> minutes, java.util.function.ToLongFunction<Coverage> what) {
        return minutes.values().stream().mapToLong(what).sum();
    }

    private static @Nullable Rung worst(Collection<Coverage> minutes) {
        return minutes.stream()
                .map(Coverage::rung)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Runs of unwatched seconds, found in passing. */
    private static final class Gaps {
        private final List<Gap> found = new ArrayList<>();
        private long since;
        private boolean open;

        Gaps(long first) {
            since = first;
        }

        void second(long second, boolean seen) {
            if (seen) {
                close(second);
            } else if (!open) {
                since = second;
                open = true;
            }
        }

        List<Gap> end(long end) {
            close(end);
            return found;
        }

        private void close(long at) {
            if (open) {
                found.add(new Gap(Instant.ofEpochSecond(since), Instant.ofEpochSecond(at)));
                open = false;
            }
        }
    }
}
