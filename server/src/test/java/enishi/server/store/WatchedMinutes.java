package enishi.server.store;

import static enishi.server.store.InMemoryStore.sum;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Report;
import enishi.model.Window;
import enishi.server.store.InMemoryStore.Told;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The coverage of a store that forgets: every minute as each incarnation last told it. */
final class WatchedMinutes {
    private final Map<HostMinute, Told<HostCoverage>> minutes = new HashMap<>();

    private record HostMinute(HostId host, long minute, long incarnation) {}

    void add(Received received) {
        Report report = received.report();
        HostId host = report.host().id();
        for (Coverage each : report.coverage()) {
            HostCoverage told = new HostCoverage(host, 1, each, received.clockOffsetMillis());
            minutes.merge(
                    new HostMinute(host, each.minute(), report.incarnation()),
                    new Told<>(report.sequence(), told),
                    Told::later);
        }
    }

    List<HostCoverage> of(Window window) {
        Map<HostId, TreeMap<Long, HostCoverage>> byHost = new HashMap<>();
        minutes.forEach((key, told) -> {
            if (window.firstMinute() <= key.minute() && key.minute() <= window.lastMinute()) {
                byHost.computeIfAbsent(key.host(), each -> new TreeMap<>())
                        .merge(key.minute(), told.value(), WatchedMinutes::united);
            }
        });
        List<HostCoverage> found = new ArrayList<>();
        byHost.values().forEach(each -> found.addAll(runs(each.values())));
        return found;
    }

    private static List<HostCoverage> runs(Collection<HostCoverage> minutes) {
        List<HostCoverage> runs = new ArrayList<>();
        for (HostCoverage each : minutes) {
            HostCoverage before = runs.isEmpty() ? null : runs.getLast();
            if (before != null && isContinued(before, each)) {
                runs.removeLast();
                runs.add(longer(before, each));
            } else {
                runs.add(each);
            }
        }
        return runs;
    }

    private static boolean isContinued(HostCoverage run, HostCoverage by) {
        return run.coverage().minute() + run.minutes() == by.coverage().minute()
                && run.coverage().rung() == by.coverage().rung()
                && run.coverage().watchedSeconds() == by.coverage().watchedSeconds();
    }

    private static HostCoverage longer(HostCoverage before, HostCoverage next) {
        long peers = Math.max(before.coverage().unseenPeers(), next.coverage().unseenPeers());
        return merged(before, next, before.minutes() + 1, peers);
    }

    private static HostCoverage united(HostCoverage one, HostCoverage other) {
        long peers = sum(List.of(one.coverage(), other.coverage()), Coverage::unseenPeers);
        return merged(one, other, 1, peers);
    }

    private static HostCoverage merged(HostCoverage one, HostCoverage other, long minutes, long unseenPeers) {
        List<Coverage> both = List.of(one.coverage(), other.coverage());
        Coverage coverage = new Coverage(
                one.coverage().minute(),
                both.stream().map(Coverage::rung).max(Comparator.naturalOrder()).orElseThrow(),
                both.getFirst().watchedSeconds() | both.getLast().watchedSeconds(),
                sum(both, Coverage::seen),
                sum(both, Coverage::lost),
                sum(both, Coverage::dropped),
                sum(both, Coverage::unknownOwner),
                unseenPeers,
                sum(both, Coverage::unaccounted));
        return new HostCoverage(one.host(), minutes, coverage, ahead(one, other));
    }

    private static long ahead(HostCoverage one, HostCoverage other) {
        return Stream.of(one, other)
                .map(HostCoverage::clockOffsetMillis)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
