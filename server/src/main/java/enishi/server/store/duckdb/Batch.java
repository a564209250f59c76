package enishi.server.store.duckdb;

import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowId;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Traffic;
import enishi.server.store.Received;
import enishi.server.store.duckdb.tiers.Kind;
import enishi.server.store.duckdb.tiers.SlotAppenders;
import java.nio.LongBuffer;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * One transaction's worth of reports. The engine's appenders take no notice of {@code setAutoCommit(false)}, so the
 * transaction is opened and committed by statement, the appenders being flushed in between.
 */
final class Batch {
    private final Known known;
    private final Map<HostId, Integer> newNumbers = new HashMap<>();
    private final Map<HostRow.Key, HostRow> hosts = new HashMap<>();
    private final SequencedMap<Long, Integer> newFlows = new LinkedHashMap<>();
    private final List<Received> reports;
    private final long[] flowIds;
    private int nextFlow;
    private long tooLate;

    Batch(Known known, List<Received> reports) {
        this.known = known;
        this.reports = reports;
        flowIds = reports.parallelStream()
                .flatMap(each -> each.report().flows().stream())
                .mapToLong(each -> FlowId.of(each.flow()).value())
                .toArray();
    }

    /** Writes all in a transaction that is left open. */
    void write(DuckDBConnection to) throws SQLException {
        try (Statement statement = to.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
            try (DuckDBAppender flows = to.createAppender("flow");
                    SlotAppenders minutes = new SlotAppenders(to, statement, Kind.FLOW);
                    DuckDBAppender listeners = to.createAppender("listener");
                    DuckDBAppender translations = to.createAppender("translation");
                    SlotAppenders coverage = new SlotAppenders(to, statement, Kind.COVERAGE)) {
                for (Received each : reports) {
                    Report report = each.report();
                    int number = host(each);
                    flows(flows, minutes, report, number);
                    for (ListenerSpan span : report.listeners()) {
                        listener(listeners, report, number, span);
                    }
                    coverage(coverage, each, number);
                    tooLate += TranslationRows.append(translations, report, number, known.minutesFrom());
                }
            }
            hosts(to, statement);
        }
    }

    /**
     * Commits: on return the engine has synced its log.
     *
     * @return how many observations and minutes of coverage and translations came too late
     */
    long commit(DuckDBConnection to) throws SQLException {
        try (Statement statement = to.createStatement()) {
            statement.execute("COMMIT");
        }
        hosts.values().forEach(known::put);
        known.putFlows(newFlows.sequencedKeySet());
        LongBuffer ids = LongBuffer.wrap(flowIds);
        for (Received each : reports) {
            known.recent().put(each, ids);
            known.listeners().put(each.report());
            known.translates(!each.report().translations().isEmpty());
        }
        known.recent().trim();
        return tooLate;
    }

    private int host(Received received) {
        HostId id = received.report().host().id();
        Integer old = known.number(id);
        int number = old != null ? old : newNumbers.computeIfAbsent(id, each -> known.hostCount() + newNumbers.size());
        HostRow row = HostRow.of(number, received);
        HostRow kept = hosts.get(row.key());
        kept = kept == null ? known.host(row.key()) : kept;
        hosts.put(row.key(), kept == null ? row : kept.with(row));
        return number;
    }

    /** Replaces the rows that changed: the table is small, one row per host and incarnation. */
    private void hosts(DuckDBConnection to, Statement statement) throws SQLException {
        hosts.values().removeIf(row -> row.equals(known.host(row.key())));
        String replaced = hosts.values().stream()
                .filter(row -> known.host(row.key()) != null)
                .map(row -> "(" + row.number() + ", " + row.incarnation() + ")")
                .collect(Collectors.joining(", "));
        if (!replaced.isEmpty()) {
            statement.execute("DELETE FROM host WHERE (number, incarnation) IN (VALUES " + replaced + ")");
        }
        try (DuckDBAppender appender = to.createAppender("host")) {
            for (HostRow row : hosts.values()) {
                row.write(appender);
            }
        }
    }

    private void flows(DuckDBAppender flows, SlotAppenders minutes, Report report, int number) throws SQLException {
        for (FlowObservations each : report.flows()) {
            long id = flowIds[nextFlow++];
            int flow = flow(flows, id, number, each.flow());
            for (Observation observation : each.observations()) {
                if (observation.minute() < known.minutesFrom()) {
                    tooLate++;
                    continue;
                }
                DuckDBAppender to = minutes.of(observation.minute());
                to.beginRow().append(number).append(flow);
                to.append(observation.minute()).append(report.incarnation()).append(report.sequence());
                observation(to, observation);
                to.endRow();
            }
        }
    }

    /** The number of a flow, which is written if it is new. */
    private int flow(DuckDBAppender to, long id, int host, Flow flow) throws SQLException {
        int old = known.flow(id);
        Integer number = old >= 0 ? Integer.valueOf(old) : newFlows.get(id);
        if (number == null) {
            number = known.flowCount() + newFlows.size();
            newFlows.put(id, number);
            flow(to, number, id, host, flow);
        }
        return number;
    }

    static void flow(DuckDBAppender to, int number, long id, int host, Flow flow) throws SQLException {
        to.beginRow().append(number).append(id).append(host);
        to.append(flow.host().high()).append(flow.host().low()).append(flow.namespace());
        Rows.append(to, flow.program());
        to.append((short) Codes.of(flow.role()));
        Rows.append(to, flow.local());
        Rows.append(to, flow.remote());
        to.append(flow.serverPort()).append((short) Codes.of(flow.transport()));
        Rows.append(to, flow.name());
        to.endRow();
    }

    private static void observation(DuckDBAppender to, Observation observation) throws SQLException {
        to.append(observation.opened()).append(observation.closed());
        to.append(observation.failed()).append(observation.active());
        Traffic traffic = observation.traffic();
        if (traffic == null) {
            to.appendNull().appendNull();
        } else {
            to.append(traffic.clientBytes()).append(traffic.serverBytes());
        }
        to.append(observation.rttMicros()).append(observation.retransmits());
        to.append(observation.firstSeenMillis()).append(observation.lastSeenMillis());
        to.append((short) Codes.of(observation.evidence()));
        List<ProcessId> processes = observation.processes();
        int[] pids = new int[processes.size()];
        long[] starts = new long[pids.length];
        for (int i = 0; i < pids.length; i++) {
            pids[i] = processes.get(i).pid();
            starts[i] = processes.get(i).startTicks();
        }
        to.append(pids).append(starts);
        to.append(observation.moreProcesses());
    }

    private static void listener(DuckDBAppender to, Report report, int number, ListenerSpan span) throws SQLException {
        Listener listener = span.listener();
        to.beginRow()
                .append(number)
                .append(listener.host().high())
                .append(listener.host().low());
        to.append(report.incarnation()).append(report.sequence()).append(listener.namespace());
        Rows.append(to, listener.address());
        to.append(listener.port())
                .append((short) Codes.of(listener.transport()))
                .append(listener.v6Only());
        Rows.append(to, listener.program());
        ProcessId process = span.process();
        if (process == null) {
            to.appendNull().appendNull();
        } else {
            to.append(process.pid()).append(process.startTicks());
        }
        to.append(span.firstSeenMillis()).append(span.lastSeenMillis());
        Rows.append(to, listener.socket());
        to.endRow();
    }

    private void coverage(SlotAppenders slots, Received received, int number) throws SQLException {
        Report report = received.report();
        for (Coverage minute : report.coverage()) {
            if (minute.minute() < known.minutesFrom()) {
                tooLate++;
                continue;
            }
            DuckDBAppender to = slots.of(minute.minute());
            to.beginRow().append(number);
            to.append(minute.minute()).append(report.incarnation()).append(report.sequence());
            to.append((short) Codes.of(minute.rung())).append(minute.watchedSeconds());
            to.append(minute.seen()).append(minute.lost()).append(minute.dropped());
            to.append(minute.unknownOwner()).append(minute.unseenPeers()).append(minute.unaccounted());
            to.append(received.clockOffsetMillis()).endRow();
        }
    }
}
