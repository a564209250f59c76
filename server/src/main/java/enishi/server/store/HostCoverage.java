package enishi.server.store;

import enishi.model.Coverage;
import enishi.model.HostId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was watched on one host in consecutive minutes that are alike: of the same seconds, on the same rung. A year
 * watched without a break is one of these. Incarnations are merged: seconds united, counts summed, the worst rung.
 *
 * <p>Which minutes, seconds and rung is exact for good. The counts are those of these minutes as long as minute rows
 * are kept; afterwards, where a window cuts an hour, a run takes all that was counted in it within that hour: what was
 * lost may then be told of a minute in which nothing was, never the reverse.
 *
 * @param minutes how many minutes; the coverage names the first
 * @param coverage the seconds watched in each of them; counts are sums over all of them, unseen peers the most of any
 * @param clockOffsetMillis the host's clock minus the server's, at least, in the minute in which it ran ahead most:
 *     what a report took to arrive is not known; null where none of them was kept with it
 */
public record HostCoverage(
        HostId host,
        long minutes,
        Coverage coverage,
        @Nullable Long clockOffsetMillis) {

    /** The longest runs of what stands in the order of its minutes; different hosts one after the other. */
    public static List<HostCoverage> runs(Collection<HostCoverage> inOrder) {
        List<HostCoverage> runs = new ArrayList<>();
        for (HostCoverage each : inOrder) {
            HostCoverage before = runs.isEmpty() ? null : runs.getLast();
            if (before != null && before.goesOnWith(each)) {
                runs.set(runs.size() - 1, before.then(each));
            } else {
                runs.add(each);
            }
        }
        return runs;
    }

    private boolean goesOnWith(HostCoverage next) {
        return host.equals(next.host)
                && coverage.minute() + minutes == next.coverage.minute()
                && coverage.rung() == next.coverage.rung()
                && coverage.watchedSeconds() == next.coverage.watchedSeconds();
    }

    private HostCoverage then(HostCoverage next) {
        return with(next, minutes + next.minutes, Math.max(coverage.unseenPeers(), next.coverage.unseenPeers()));
    }

    /** The same minutes as another incarnation watched them too. */
    public HostCoverage meanwhile(HostCoverage other) {
        return with(other, minutes, FlowTotals.sum(coverage.unseenPeers(), other.coverage.unseenPeers()));
    }

    private HostCoverage with(HostCoverage other, long all, long unseenPeers) {
        Coverage more = other.coverage;
        Coverage both = new Coverage(
                coverage.minute(),
                coverage.rung().compareTo(more.rung()) > 0 ? coverage.rung() : more.rung(),
                coverage.watchedSeconds() | more.watchedSeconds(),
                FlowTotals.sum(coverage.seen(), more.seen()),
                FlowTotals.sum(coverage.lost(), more.lost()),
                FlowTotals.sum(coverage.dropped(), more.dropped()),
                FlowTotals.sum(coverage.unknownOwner(), more.unknownOwner()),
                unseenPeers,
                FlowTotals.sum(coverage.unaccounted(), more.unaccounted()));
        return new HostCoverage(host, all, both, ahead(clockOffsetMillis, other.clockOffsetMillis));
    }

    private static @Nullable Long ahead(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.max(one, other);
    }
}
