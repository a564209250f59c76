package enishi.server.store.duckdb;

import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.Kept;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import enishi.server.store.TooManyFlowsException;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.Kind;
import enishi.server.store.duckdb.tiers.Slots;
import enishi.server.store.recent.Recent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What memory tells of what the tables hold too: hosts, listeners, and flows and coverage of the last minutes. What is
 * committed and what memory holds change in one step for whoever asks. After a start memory is filled again from the
 * tables, the newest minute first. After a fatal error nothing is known until the file is open again; then the tables
 * tell.
 */
final class InMemory {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final long flowsMax;

    /** @param flowsMax a question that concerns more flows is refused */
    InMemory(long flowsMax) {
        this.flowsMax = flowsMax;
    }

    /** What memory answers of a question, and the tables for the rest of it as they were at the same moment. */
    private record Answered<T>(List<T> later, long wholeFrom, Slots slots) {
        /** What of a window the tables have to tell, if anything. */
        Optional<Window> earlier(Window window) {
            if (wholeFrom <= window.firstMinute()) {
                return Optional.empty();
            }
            return Optional.of(
                    wholeFrom > window.lastMinute()
                            ? window
                            : new Window(window.from(), Instant.ofEpochSecond(wholeFrom * 60)));
        }
    }

    /** Reads the last minutes from one on. */
    private interface Reading<T> {
        List<T> from(Recent recent, long minute);
    }

    /** Which tables there are, as a question's transaction sees them. */
    private interface Tables {
        Slots slots() throws SQLException;
    }

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
        return whole(known, window, (recent, from) -> bounded(recent.flows(from, window.lastMinute(), filter)));
    }

    /** Those of a window, of which the tables tell what memory does not. */
    List<FlowTotals> flows(Moment at, @Nullable Known known, Window window, FlowFilter filter) throws SQLException {
        Answered<FlowTotals> answered = answer(
                () -> at.slots(Kind.FLOW, window),
                known,
                window,
                (recent, from) -> bounded(recent.flows(from, window.lastMinute(), filter)));
        Optional<Window> earlier = answered.earlier(window);
        if (earlier.isEmpty()) {
            return answered.later(); // filled meanwhile
        }
        List<FlowTotals> told = Reads.flows(at, answered.slots(), earlier.get(), filter, flowsMax);
        if (answered.later().isEmpty()) {
            return told;
        }
        Map<Flow, FlowTotals> all = new HashMap<>();
        told.forEach(each -> all.put(each.flow(), each));
        answered.later().forEach(each -> all.merge(each.flow(), each, FlowTotals::then));
        return bounded(List.copyOf(all.values()));
    }

    private List<FlowTotals> bounded(List<FlowTotals> flows) {
        if (flows.size() > flowsMax) {
            throw new TooManyFlowsException(flowsMax);
        }
        return flows;
    }

    /** What was watched in a window, if memory holds all of it; else null. */
    @Nullable List<HostCoverage> coverage(@Nullable Known known, Window window, Set<HostId> hosts) {
        return whole(known, window, (recent, from) -> recent.coverage(from, window.lastMinute(), hosts));
    }

    /** What was watched in a window, of which the tables tell what memory does not. */
    List<HostCoverage> coverage(Moment at, @Nullable Known known, Window window, Set<HostId> hosts)
            throws SQLException {
        Answered<HostCoverage> answered = answer(
                () -> at.slots(Kind.COVERAGE, window),
                known,
                window,
                (recent, from) -> recent.coverage(from, window.lastMinute(), hosts));
        Optional<Window> earlier = answered.earlier(window);
        if (earlier.isEmpty()) {
            return answered.later(); // filled meanwhile
        }
        List<HostCoverage> told = known == null || hosts.isEmpty()
                ? Reads.coverage(at, answered.slots(), earlier.get())
                : FewHosts.coverage(at, answered.slots(), earlier.get(), numbers(known, hosts));
        return HostCoverage.runs(Stream.concat(told.stream(), answered.later().stream())
                .filter(each -> hosts.isEmpty() || hosts.contains(each.host()))
                .sorted(Comparator.comparing(HostCoverage::host)
                        .thenComparingLong(each -> each.coverage().minute()))
                .toList());
    }

    private <T> @Nullable List<T> whole(@Nullable Known known, Window window, Reading<T> reading) {
        lock.readLock().lock();
        try {
            return known == null || window.firstMinute() < known.recent().wholeFrom()
                    ? null
                    : reading.from(known.recent(), window.firstMinute());
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> Answered<T> answer(Tables tables, @Nullable Known known, Window window, Reading<T> reading)
            throws SQLException {
        lock.readLock().lock();
        try {
            Slots slots = tables.slots();
            if (known == null || window.lastMinute() < known.recent().wholeFrom()) {
                return new Answered<>(List.of(), Long.MAX_VALUE, slots);
            }
            long from = Math.max(window.firstMinute(), known.recent().wholeFrom());
            return new Answered<>(reading.from(known.recent(), from), from, slots);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The listeners of a window, or null where memory does not hold all of them. */
    @Nullable List<KnownListener> listeners(@Nullable Known known, Window window, Set<HostId> hosts) {
        lock.readLock().lock();
        try {
            return known == null || !known.listeners().isWhole()
                    ? null
                    : known.listeners().within(Reads.floorMillis(window), Reads.ceilMillis(window), hosts);
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

    private Map<Integer, HostId> numbers(Known known, Set<HostId> hosts) {
        lock.readLock().lock();
        try {
            Map<Integer, HostId> numbers = new HashMap<>();
            for (HostId each : hosts) {
                Integer number = known.number(each);
                if (number != null) {
                    numbers.put(number, each);
                }
            }
            return numbers;
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

    /** Fills memory again with what the tables hold, unless it holds enough or has no room. */
    void fill(Connection own, Known known) throws SQLException {
        new Refill(own, known, lock.writeLock()).run();
    }
}
