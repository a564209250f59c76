package enishi.server.store.duckdb;

import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.Slots;
import enishi.server.store.duckdb.tiers.Unfolded;
import enishi.server.store.recent.Sums;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A question about few flows: their rows are read as they stand, one statement a table, and folded here. */
final class FewFlows {
    private final Moment at;
    private final Map<Key, Told> told = new HashMap<>();

    /** What a row is told of: the one of the greatest sequence counts. */
    private record Key(int flow, long minute, long incarnation) {}

    private record Told(long sequence, Observation observation) {}

    private interface Row {
        void read(Columns next) throws SQLException;
    }

    private FewFlows(Moment at) {
        this.at = at;
    }

    /** Those that a filter takes which does not take all. */
    static List<FlowTotals> totals(Moment at, Slots slots, Window window, FlowFilter filter) throws SQLException {
        Picked picked = Picked.of(at, filter);
        if (picked.flows().isEmpty()) {
            return List.of();
        }
        FewFlows few = new FewFlows(at);
        List<Unfolded> parts = Unfolded.of(slots, window, picked.only());
        for (Unfolded part : parts) {
            few.each(part.sql(), next -> few.put(next, part));
        }
        Map<Integer, Sums> sums = new HashMap<>();
        few.told.forEach((key, last) ->
                sums.computeIfAbsent(key.flow, each -> new Sums()).add(key.incarnation, last.observation));
        if (!parts.stream().allMatch(Unfolded::namesHolders)) {
            few.holders(Unfolded.holders(window, picked.only()))
                    .forEach((flow, holders) -> sums.computeIfPresent(flow, (each, sum) -> sum.with(holders)));
        }
        List<FlowTotals> totals = new ArrayList<>(sums.size());
        sums.forEach((flow, sum) -> totals.add(sum.totals(picked.flow(flow))));
        return totals;
    }

    private void each(String sql, Row reading) throws SQLException {
        try (Statement statement = at.statement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                reading.read(new Columns(row));
            }
        }
    }

    private void put(Columns next, Unfolded part) throws SQLException {
        int flow = next.small();
        long minute = next.number();
        Key key = new Key(flow, minute, next.number());
        long sequence = next.number();
        long mask = next.number();
        if (part.isPresent(mask)) {
            Told now = new Told(sequence, observation(next, minute, part, mask));
            told.merge(key, now, (one, other) -> other.sequence > one.sequence ? other : one);
        }
    }

    private static Observation observation(Columns next, long minute, Unfolded part, long mask) throws SQLException {
        return new Observation(
                minute,
                next.number(),
                next.number(),
                next.number(),
                next.number(),
                next.traffic(),
                next.small(),
                next.number(),
                part.firstSeen(mask, next.number()),
                part.lastSeen(mask, next.number()),
                Codes.evidence(next.small()),
                next.fewProcesses(),
                next.number());
    }

    private Map<Integer, Set<ProcessId>> holders(String sql) throws SQLException {
        Map<Integer, Set<ProcessId>> holders = new HashMap<>();
        each(
                sql,
                next -> holders.computeIfAbsent(next.small(), flow -> new TreeSet<>())
                        .add(new ProcessId(next.small(), next.number())));
        return holders;
    }
}
