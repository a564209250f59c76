package enishi.server.store.duckdb;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.server.store.FlowTotals;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Kind;
import enishi.server.store.duckdb.tiers.Slots;
import enishi.server.store.recent.Recent;
import enishi.server.store.recent.Recent.Told;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** Reads into memory again what it knew before a start: every listener, then the last minutes, the newest first. */
final class Refill {
    /** How much of the past is read again: two questions about an hour. */
    private static final long MINUTES = 120;

    private final Connection own;
    private final Known known;
    private final Recent recent;
    private final Lock writing;

    /** How a row is put into memory. */
    private interface Row {
        Runnable read(ResultSet row) throws SQLException;
    }

    Refill(Connection own, Known known, Lock writing) {
        this.own = own;
        this.known = known;
        this.recent = known.recent();
        this.writing = writing;
    }

    /** Reads what is missing, unless there is no room; an interrupt ends it between two minutes. */
    void run() throws SQLException {
        if (!known.listeners().isWhole() && !known.listeners().isTooMany()) {
            listeners();
        }
        Slots flows = Slots.read(own);
        Slots coverage = Slots.read(own, Kind.COVERAGE);
        long enough = Math.max(flows.endMinute(), coverage.endMinute()) - MINUTES;
        long from = recent.wholeFrom();
        while (from > enough
                && !recent.isNearlyFull()
                && !Thread.currentThread().isInterrupted()
                && tellMinutes(flows, coverage, Slots.hourOf(from - 1))) {
            minute(from - 1);
            if (recent.wholeFrom() >= from) {
                return; // so much was told meanwhile that there is no room
            }
            from = recent.wholeFrom();
        }
    }

    private static boolean tellMinutes(Slots flows, Slots coverage, long hour) {
        return flows.tellsMinutesOf(hour) && coverage.tellsMinutesOf(hour);
    }

    private void listeners() throws SQLException {
        List<Runnable> spans = rows(Reads.LISTENERS, row -> {
            Told told = told(row);
            ListenerSpan span = Reads.span(row);
            return () -> known.listeners().put(told, span);
        });
        put(spans, known.listeners()::becomeWhole);
    }

    private void minute(long minute) throws SQLException {
        put(List.of(), () -> recent.keepFrom(minute));
        List<Runnable> rows = new ArrayList<>();
        long hour = Slots.hourOf(minute);
        if (Slots.read(own).hasMinutes(hour)) {
            rows.addAll(rows(History.minute(minute, FlowRow.COLUMNS), row -> {
                FlowTotals seen = FlowRow.read(row);
                long id = row.getLong("id");
                Told told = told(row);
                return () -> recent.putEarlier(id, seen.flow(), told, observation(minute, seen));
            }));
        }
        if (Slots.read(own, Kind.COVERAGE).hasMinutes(hour)) {
            rows.addAll(rows(History.watched(minute), row -> {
                Told told = told(row);
                Coverage coverage = Reads.coverage(row, minute);
                HostId host = Rows.host(row, "");
                Long offset = row.getObject("clock_offset", Long.class);
                return () -> recent.putEarlier(host, told, coverage, offset);
            }));
        }
        put(rows, () -> recent.isWholeFrom(minute));
    }

    private static Told told(ResultSet row) throws SQLException {
        return new Told(row.getLong("incarnation"), row.getLong("sequence"));
    }

    private List<Runnable> rows(String sql, Row each) throws SQLException {
        List<Runnable> rows = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(each.read(row));
            }
        }
        return rows;
    }

    private void put(List<Runnable> rows, Runnable then) {
        writing.lock();
        try {
            rows.forEach(Runnable::run);
            then.run();
        } finally {
            writing.unlock();
        }
    }

    private static Observation observation(long minute, FlowTotals seen) {
        return new Observation(
                minute,
                seen.opened(),
                seen.closed(),
                seen.failed(),
                seen.active(),
                seen.traffic(),
                seen.rttMicros(),
                seen.retransmits(),
                seen.firstSeenMillis(),
                seen.lastSeenMillis(),
                seen.evidence(),
                seen.processes(),
                seen.moreProcesses());
    }
}
