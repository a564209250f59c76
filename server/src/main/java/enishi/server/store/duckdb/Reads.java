package enishi.server.store.duckdb;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.ProcessId;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import enishi.server.store.TooManyFlowsException;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Slots;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The questions as SQL. Of the rows of one key and incarnation only that of the greatest sequence counts. */
final class Reads {
    /** Every span of a listener that counts, with the report that told it. */
    static final String LISTENERS = "SELECT * FROM listener WHERE rowid IN (" + History.listenersThatCount("") + ")";

    private Reads() {}

    static List<FlowTotals> flows(Moment at, Slots slots, Window window, FlowFilter filter, long flowsMax)
            throws SQLException {
        if (!filter.isAll()) {
            return FewFlows.totals(at, slots, window, filter);
        }
        String sql = "WITH " + History.totals(slots, window) + " SELECT " + FlowRow.COLUMNS
                + " FROM flow JOIN totals ON number = flow";
        List<FlowTotals> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (found.size() >= flowsMax) {
                    throw new TooManyFlowsException(flowsMax);
                }
                found.add(FlowRow.read(rows));
            }
        }
        return found;
    }

    static List<KnownHost> hosts(Moment at) throws SQLException {
        List<HostRow> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(HostRow.SELECT)) {
            while (rows.next()) {
                found.add(HostRow.read(rows));
            }
        }
        return HostRow.latest(found);
    }

    /** The union of the different lists of processes, each a pair of lists. */
    private static List<ProcessId> processes(ResultSet row) throws SQLException {
        TreeSet<ProcessId> processes = new TreeSet<>();
        for (Object each : Rows.list(row, "processes")) {
            Object[] lists = ((Struct) each).getAttributes();
            Object[] pids = (Object[]) ((Array) lists[0]).getArray();
            Object[] starts = (Object[]) ((Array) lists[1]).getArray();
            for (int i = 0; i < pids.length; i++) {
                processes.add(new ProcessId((Integer) pids[i], (Long) starts[i]));
            }
        }
        return List.copyOf(processes);
    }

    /**
     * Those of a window.
     *
     * @param only a condition on the host's number, after AND, or empty
     * @param hosts whose are wanted; empty: all
     */
    static List<KnownListener> listeners(Database from, Window window, String only, Set<HostId> hosts) {
        return from.ask("listeners", at -> listeners(at, window, only)).stream()
                .filter(each ->
                        hosts.isEmpty() || hosts.contains(each.listener().host()))
                .toList();
    }

    private static List<KnownListener> listeners(Moment at, Window window, String only) throws SQLException {
        String in = "(first_seen < " + ceilMillis(window) + " AND last_seen >= " + floorMillis(window) + ")";
        String sql = "WITH span AS (SELECT *, " + in + " AS within FROM listener WHERE rowid IN ("
                + History.listenersThatCount(" WHERE true" + only) + ")) SELECT " + History.LISTENER
                + ", min(first_seen) AS first_seen, max(last_seen) AS last_seen,"
                + " list(DISTINCT ([pid], [start])) FILTER (within AND pid IS NOT NULL) AS processes"
                + " FROM span GROUP BY " + History.LISTENER + " HAVING bool_or(within)";
        List<KnownListener> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(known(rows));
            }
        }
        return found;
    }

    private static KnownListener known(ResultSet row) throws SQLException {
        return new KnownListener(listener(row), processes(row), row.getLong("first_seen"), row.getLong("last_seen"));
    }

    private static Listener listener(ResultSet row) throws SQLException {
        return new Listener(
                Rows.host(row, ""),
                row.getLong("namespace"),
                Rows.address(row, "address"),
                row.getInt("port"),
                Codes.transport(row.getInt("transport")),
                row.getBoolean("v6_only"),
                Rows.program(row),
                row.getString("socket"));
    }

    /** A row of {@link #LISTENERS}. */
    static ListenerSpan span(ResultSet row) throws SQLException {
        Integer pid = row.getObject("pid", Integer.class);
        return new ListenerSpan(
                listener(row),
                pid == null ? null : new ProcessId(pid, row.getLong("start")),
                row.getLong("first_seen"),
                row.getLong("last_seen"));
    }

    static List<HostCoverage> coverage(Moment at, Slots slots, Window window) throws SQLException {
        String sql = "SELECT high, low, runs.* FROM (" + History.coverage(slots, window)
                + ") AS runs JOIN (SELECT DISTINCT number, high, low FROM host) ON number = host";
        List<HostCoverage> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(new HostCoverage(
                        Rows.host(rows, ""),
                        rows.getLong("minutes"),
                        coverage(rows, rows.getLong("first")),
                        rows.getObject("clock_offset", Long.class)));
            }
        }
        return found;
    }

    static Coverage coverage(ResultSet row, long minute) throws SQLException {
        return new Coverage(
                minute,
                Codes.rung(row.getInt("rung")),
                row.getLong("watched"),
                row.getLong("seen"),
                row.getLong("lost"),
                row.getLong("dropped"),
                row.getLong("unknown_owner"),
                row.getLong("unseen_peers"),
                row.getLong("unaccounted"));
    }

    /** The window's start, cut to milliseconds: a span is seen in it when it ends at that millisecond or later. */
    static long floorMillis(Window window) {
        return window.from().toEpochMilli();
    }

    /** The window's end, rounded up to milliseconds: a span is seen in it when it begins earlier. */
    static long ceilMillis(Window window) {
        return window.to().plusNanos(999_999).toEpochMilli();
    }
}
