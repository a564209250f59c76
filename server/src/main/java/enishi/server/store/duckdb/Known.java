package enishi.server.store.duckdb;

import enishi.model.HostId;
import enishi.server.store.Kept;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Kind;
import enishi.server.store.duckdb.tiers.Slots;
import enishi.server.store.duckdb.tiers.TranslationMasks;
import enishi.server.store.recent.ListenerSpans;
import enishi.server.store.recent.LongIndex;
import enishi.server.store.recent.Recent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the writer need not write again: hosts by number and flows by id. Only what is committed stands here. */
final class Known {
    /** Of the memory that the last minutes may take, listeners may take as much again as one of so many parts. */
    private static final int LISTENERS_PART = 4;

    private final Map<HostId, Integer> numbers = new HashMap<>();
    private final Map<HostRow.Key, HostRow> hosts = new HashMap<>();
    private final LongIndex flows = new LongIndex();
    private final Recent recent;
    private final ListenerSpans listeners;
    private volatile Kept kept;
    private volatile boolean translates;

    private Known(long endMinute, Kept kept, long recentBytesMax) {
        recent = new Recent(endMinute, recentBytesMax);
        listeners = new ListenerSpans(recentBytesMax / LISTENERS_PART);
        this.kept = kept;
    }

    static Known load(Connection connection, long recentBytesMax) throws SQLException {
        long flows = Slots.read(connection).endMinute();
        long coverage = Slots.read(connection, Kind.COVERAGE).endMinute();
        Known known = new Known(Math.max(flows, coverage), History.kept(connection), recentBytesMax);
        known.translates = TranslationMasks.any(connection);
        try (Statement statement = connection.createStatement()) {
            try (ResultSet listener = statement.executeQuery("SELECT host FROM listener LIMIT 1")) {
                if (!listener.next()) {
                    known.listeners.becomeWhole();
                }
            }
            try (ResultSet rows = statement.executeQuery(HostRow.SELECT)) {
                while (rows.next()) {
                    known.put(HostRow.read(rows));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id FROM flow ORDER BY number")) {
                while (rows.next()) {
                    known.flows.add(rows.getLong(1));
                }
            }
        }
        return known;
    }

    @Nullable Integer number(HostId id) {
        return numbers.get(id);
    }

    int hostCount() {
        return numbers.size();
    }

    Collection<HostRow> hosts() {
        return hosts.values();
    }

    @Nullable HostRow host(HostRow.Key key) {
        return hosts.get(key);
    }

    /** The number of the flow of this id, or -1. */
    int flow(long id) {
        return flows.get(id);
    }

    int flowCount() {
        return flows.size();
    }

    /** The first minute of which rows may be appended to slots: those before were rolled up and dropped. */
    long minutesFrom() {
        return kept.minutesFrom();
    }

    Kept kept() {
        return kept;
    }

    void kept(Kept now) {
        kept = now;
        recent.dropBefore(now.minutesFrom());
    }

    /** The last minutes; to be written while nobody reads. */
    Recent recent() {
        return recent;
    }

    /** Whether any host ever translated an address: of most fleets none does, and then no table need be asked. */
    boolean translates() {
        return translates;
    }

    void translates(boolean now) {
        translates |= now;
    }

    /** Every listener, if it is whole; to be written while nobody reads. */
    ListenerSpans listeners() {
        return listeners;
    }

    void put(HostRow row) {
        numbers.put(row.host().id(), row.number());
        hosts.put(row.key(), row);
    }

    /** New flows, in the order of their numbers. */
    void putFlows(Collection<Long> ids) {
        ids.forEach(flows::add);
    }
}
