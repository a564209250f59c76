package enishi.server.store.duckdb;

import enishi.model.Flow;
import enishi.model.FlowId;
import enishi.model.ProcessId;
import enishi.model.Traffic;
import enishi.server.store.FlowHour;
import enishi.server.store.FlowTotals;
import enishi.server.store.duckdb.tiers.Slots;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** One hour that was folded elsewhere, in one transaction. */
final class HourBatch {
    private final Known known;
    private final long hour;
    private final List<Long> newFlows = new ArrayList<>();

    HourBatch(Known known, long hour) {
        this.known = known;
        this.hour = hour;
    }

    /** Writes all and commits. */
    void commit(DuckDBConnection to, Iterator<FlowHour> rows) throws SQLException {
        try (Statement statement = to.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
            for (String each : Slots.replaceHour(hour)) {
                statement.execute(each);
            }
            try (DuckDBAppender flows = to.createAppender("flow");
                    DuckDBAppender hours = to.createAppender(Slots.hoursOfDayOf(hour));
                    DuckDBAppender processes = to.createAppender("process")) {
                while (rows.hasNext()) {
                    FlowHour each = rows.next();
                    Flow flow = each.totals().flow();
                    Integer host = known.number(flow.host());
                    if (host == null) {
                        throw new SQLException("host " + flow.host() + " never reported");
                    }
                    long id = FlowId.of(flow).value();
                    int number = known.flow(id);
                    if (number < 0) {
                        number = known.flowCount() + newFlows.size();
                        Batch.flow(flows, number, id, host, flow);
                        newFlows.add(id);
                    }
                    row(hours, host, number, each);
                    processes(processes, host, number, each);
                }
            }
            statement.execute("COMMIT");
        }
        known.putFlows(newFlows);
    }

    private void row(DuckDBAppender to, int host, int flow, FlowHour row) throws SQLException {
        FlowTotals totals = row.totals();
        to.beginRow().append(host).append(flow).append(hour).append(row.minutes());
        to.append(totals.opened())
                .append(totals.closed())
                .append(totals.failed())
                .append(totals.active());
        Traffic traffic = totals.traffic();
        if (traffic == null) {
            to.appendNull().appendNull();
        } else {
            to.append(traffic.clientBytes()).append(traffic.serverBytes());
        }
        to.append(totals.rttMicros()).append(totals.retransmits());
        to.append(totals.firstSeenMillis()).append(totals.lastSeenMillis());
        to.append((short) Codes.of(totals.evidence()));
        to.append(totals.processes().size() + totals.moreProcesses()).endRow();
    }

    private void processes(DuckDBAppender to, int host, int flow, FlowHour row) throws SQLException {
        long first = hour * 60 + Long.numberOfTrailingZeros(row.minutes());
        long last = hour * 60 + 63 - Long.numberOfLeadingZeros(row.minutes());
        for (ProcessId each : row.totals().processes()) {
            to.beginRow().append(host).append(flow).append(each.pid()).append(each.startTicks());
            to.append(first).append(last).endRow();
        }
    }
}
