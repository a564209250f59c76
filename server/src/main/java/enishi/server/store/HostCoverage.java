package enishi.server.store;

import enishi.model.Coverage;
import enishi.model.HostId;

/**
 * What was watched on one host in consecutive minutes that are alike: of the same seconds, on the same rung. A year
 * watched without a break is one of these. Incarnations are merged: seconds united, counts summed, the worst rung.
 *
 * @param minutes how many minutes; the coverage names the first
 * @param coverage the seconds watched in each of them; counts are sums over all of them, unseen peers the most of any
 */
public record HostCoverage(HostId host, long minutes, Coverage coverage) {}
