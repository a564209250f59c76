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
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;

/** Reads into memory again what it knew before a start: every listener, then the last minutes, the newest first. */
final class Refill {
    /** How much of the past is read again: two questions about an hour. */
    private static final long MINUTES = 120;

    private static final int LISTENERS_AT_ONCE = 4_096;

    private final Connection own;
    private final Known known;
    private final Recent recent;
    private final Lock writing;
    private boolean tooMany;

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
        OptionalLong next = next(enough);
        while (next.isPresent()
                && !Thread.currentThread().isInterrupted()
                && tellMinutes(flows, coverage, Slots.hourOf(next.getAsLong()))) {
            long minute = next.getAsLong();
            minute(minute);
            next = next(enough);
            if (next.isPresent() && next.getAsLong() >= minute) {
                return; // so much was told meanwhile that there is no room
            }
        }
    }

    /**
     * The minute before all that is whole, kept from now on, if there is room for it. In one step, for the writer may
     * forget minutes at any time, and what it forgot must not be called whole.
     */
    private OptionalLong next(long enough) {
        writing.lock();
        try {
            long minute = recent.wholeFrom() - 1;
            if (minute < enough || recent.isNearlyFull()) {
                return OptionalLong.empty();
            }
            recent.keepFrom(minute);
            return OptionalLong.of(minute);
        } finally {
            writing.unlock();
        }
    }

    private static boolean tellMinutes(Slots flows, Slots coverage, long hour) {
        return flows.tellsMinutesOf(hour) && coverage.tellsMinutesOf(hour);
    }

    private void listeners() throws SQLException {
        List<Runnable> some = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(Reads.LISTENERS)) {
            while (row.next()) {
                Told told = told(row);
                ListenerSpan span = Reads.span(row);
                some.add(() -> known.listeners().put(told, span));
                if (some.size() == LISTENERS_AT_ONCE) {
                    put(some, () -> tooMany = known.listeners().isTooMany());
                    some.clear();
                }
                if (tooMany) {
                    return;
                }
            }
        }
        put(some, known.listeners()::becomeWhole);
    }

    private void minute(long minute) throws SQLException {
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
