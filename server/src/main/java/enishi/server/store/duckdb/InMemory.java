package enishi.server.store.duckdb;

import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.Kept;
import enishi.server.store.KnownHost;
import enishi.server.store.duckdb.Database.Preparer;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Slots;
import enishi.server.store.recent.Recent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What memory tells of what the tables hold too: hosts, and the flows of the last minutes. What is committed and what
 * memory holds change in one step for whoever asks. After a start memory is filled again from the tables, the newest
 * minute first. After a fatal error nothing is known until the file is open again; then the tables tell.
 */
final class InMemory {
    /** How much of the past is read again after a start: two questions about an hour. */
    private static final long FILLED = 120;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** What memory answers of a question, and the tables for the rest of it as they were at the same moment. */
    private record Answered(List<FlowTotals> later, long wholeFrom, Slots slots) {}

    long commit(Batch batch, DuckDBConnection writer) throws SQLException {
        lock.writeLock().lock();
        try {
            return batch.commit(writer);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Those of a window, if memory holds all of it; else null. */
    @Nullable List<FlowTotals> flows(@Nullable Known known, Window window, FlowFilter filter) {
        lock.readLock().lock();
        try {
            return known == null || window.firstMinute() < known.recent().wholeFrom()
                    ? null
                    : known.recent().read(window.firstMinute(), window.lastMinute(), filter);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Those of a window, of which the tables tell what memory does not. */
    List<FlowTotals> flows(Preparer to, @Nullable Known known, Window window, FlowFilter filter) throws SQLException {
        Answered answered = answer(to, known, window, filter);
        if (answered.wholeFrom() <= window.firstMinute()) {
            return answered.later(); // filled meanwhile
        }
        Window earlier = answered.wholeFrom() > window.lastMinute()
                ? window
                : new Window(window.from(), Instant.ofEpochSecond(answered.wholeFrom() * 60));
        List<FlowTotals> told = Reads.flows(to, answered.slots(), earlier, filter);
        if (answered.later().isEmpty()) {
            return told;
        }
        Map<Flow, FlowTotals> all = new HashMap<>();
        told.forEach(each -> all.put(each.flow(), each));
        answered.later().forEach(each -> all.merge(each.flow(), each, FlowTotals::then));
        return List.copyOf(all.values());
    }

    private Answered answer(Preparer to, @Nullable Known known, Window window, FlowFilter filter) throws SQLException {
        lock.readLock().lock();
        try {
            Slots slots = to.slots();
            if (known == null || window.lastMinute() < known.recent().wholeFrom()) {
                return new Answered(List.of(), Long.MAX_VALUE, slots);
            }
            long from = Math.max(window.firstMinute(), known.recent().wholeFrom());
            return new Answered(known.recent().read(from, window.lastMinute(), filter), from, slots);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Every host, or null where memory does not know. */
    @Nullable List<KnownHost> hosts(@Nullable Known known) {
        lock.readLock().lock();
        try {
            return known == null ? null : HostRow.latest(known.hosts());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A condition on a host's number that none but these hosts fulfil; none where memory does not know. */
    String only(@Nullable Known known, Set<HostId> hosts) {
        lock.readLock().lock();
        try {
            return known == null || hosts.isEmpty()
                    ? ""
                    : " AND host IN ("
                            + hosts.stream()
                                    .map(known::number)
                                    .map(number -> number == null ? "-1" : number.toString())
                                    .collect(Collectors.joining(", "))
                            + ")";
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Minute rows are kept from this minute on; what came before is forgotten. */
    void kept(Known known, Kept kept) {
        lock.writeLock().lock();
        try {
            known.kept(kept);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** What came before this minute is told by the tables alone. */
    void begin(Known known, long minute) {
        lock.writeLock().lock();
        try {
            known.recent().dropBefore(minute);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Fills memory again with the minutes before those it holds, unless it holds enough or has no room. */
    void fill(Connection own, Known known) throws SQLException {
        Recent recent = known.recent();
        Slots slots = Slots.read(own);
        long enough = slots.endMinute() - FILLED;
        long from = recent.wholeFrom();
        while (from > enough && !recent.isNearlyFull() && slots.tellsMinutesOf(Slots.hourOf(from - 1))) {
            fill(own, recent, from - 1);
            if (recent.wholeFrom() >= from) {
                return; // so much was told meanwhile that there is no room
            }
            from = recent.wholeFrom();
        }
    }

    private void fill(Connection own, Recent recent, long minute) throws SQLException {
        lock.writeLock().lock();
        try {
            recent.keepFrom(minute);
        } finally {
            lock.writeLock().unlock();
        }
        List<Runnable> rows = Slots.read(own).hasMinutes(Slots.hourOf(minute)) ? rows(own, recent, minute) : List.of();
        lock.writeLock().lock();
        try {
            rows.forEach(Runnable::run);
            recent.isWholeFrom(minute);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static List<Runnable> rows(Connection own, Recent recent, long minute) throws SQLException {
        List<Runnable> rows = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(History.minute(minute, FlowRow.COLUMNS))) {
            while (row.next()) {
                FlowTotals seen = FlowRow.read(row);
                long id = row.getLong("id");
                Recent.Told told = new Recent.Told(row.getLong("incarnation"), row.getLong("sequence"));
                rows.add(() -> recent.put(id, seen.flow(), told, observation(minute, seen)));
            }
        }
        return rows;
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
