package enishi.server.store;

import enishi.model.Coverage;
import enishi.model.HostId;

/** What was watched on one host in one minute: seconds united, counts summed, the worst rung of its incarnations. */
public record HostCoverage(HostId host, Coverage coverage) {}
