package enishi.server.store;

import enishi.model.Host;
import enishi.model.Rung;

/**
 * A host as last reported.
 *
 * @param firstReportMillis arrival of its first report, milliseconds since the epoch
 * @param lastReportMillis arrival of its last
 * @param rung the rung its last coverage named
 * @param clockOffsetMillis its clock minus the server's at the last report, network delay included
 */
public record KnownHost(Host host, long firstReportMillis, long lastReportMillis, Rung rung, long clockOffsetMillis) {}
