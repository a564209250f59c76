package enishi.server.store.duckdb;

import enishi.model.Flow;
import enishi.model.ProcessId;
import enishi.model.Traffic;
import enishi.server.store.FlowTotals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A row of a flow and its sums. */
final class FlowRow {
    static final String COLUMNS = Columns.FLOW + ", opened, closed, failed, active, client_bytes, server_bytes,"
            + " rtt_micros, retransmits, first_seen, last_seen, evidence, most_processes, pids, starts";

    private FlowRow() {}

    static FlowTotals read(ResultSet row) throws SQLException {
        Columns next = new Columns(row);
        Flow flow = next.flow();
        long opened = next.number();
        long closed = next.number();
        long failed = next.number();
        long active = next.number();
        Traffic traffic = next.traffic();
        int rttMicros = next.small();
        long retransmits = next.number();
        long firstSeen = next.number();
        long lastSeen = next.number();
        int evidence = next.small();
        long most = next.number();
        List<ProcessId> processes = next.processes();
        return new FlowTotals(
                flow,
                opened,
                closed,
                failed,
                active,
                traffic,
                rttMicros,
                retransmits,
                firstSeen,
                lastSeen,
                Codes.evidence(evidence),
                processes,
                Math.max(0, most - processes.size()));
    }
}
