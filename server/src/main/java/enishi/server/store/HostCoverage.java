package enishi.server.store;

import enishi.model.Coverage;
import enishi.model.HostId;
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
        @Nullable Long clockOffsetMillis) {}
