package enishi.server.store.duckdb;

import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Window;
import enishi.server.store.HostCoverage;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Slots;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was watched on few hosts: rows are read as they stand, one statement a table, and folded here. */
final class FewHosts {
    private static final Comparator<Place> IN_ORDER =
            Comparator.comparing(Place::host).thenComparingLong(Place::minute);

    private final Map<Integer, HostId> hosts;
    private final Map<Key, Told> told = new HashMap<>();

    /** What a row is told of: the one of the greatest sequence counts, of equal ones the first. */
    private record Key(Place place, long incarnation) {}

    private record Place(HostId host, long minute) {}

    private record Told(long sequence, HostCoverage run) {}

    private FewHosts(Map<Integer, HostId> hosts) {
        this.hosts = hosts;
    }

    /** @param hosts those asked for that are known, by number */
    static List<HostCoverage> coverage(Moment at, Slots slots, Window window, Map<Integer, HostId> hosts)
            throws SQLException {
        if (hosts.isEmpty()) {
            return List.of();
        }
        String only =
                " AND host IN (" + hosts.keySet().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
        FewHosts few = new FewHosts(hosts);
        for (String sql : History.rowsOfCoverage(slots, window, only)) {
            try (Statement statement = at.statement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    few.put(new Columns(row));
                }
            }
        }
        return few.runs();
    }

    private void put(Columns next) throws SQLException {
        HostId host = hosts.get(next.small());
        if (host == null) {
            throw new SQLException("a row of a host that was not asked for");
        }
        Place place = new Place(host, next.number());
        long minutes = next.number();
        Key key = new Key(place, next.number());
        long sequence = next.number();
        HostCoverage run = new HostCoverage(host, minutes, coverage(next, place.minute), next.unknownOrNumber());
        told.merge(key, new Told(sequence, run), (one, other) -> other.sequence > one.sequence ? other : one);
    }

    private static Coverage coverage(Columns next, long minute) throws SQLException {
        return new Coverage(
                minute,
                Codes.rung(next.small()),
                next.number(),
                next.number(),
                next.number(),
                next.number(),
                next.number(),
                next.number(),
                next.number());
    }

    /** Incarnations merged; what follows one another and is alike joined. */
    private List<HostCoverage> runs() {
        Map<Place, HostCoverage> merged = new TreeMap<>(IN_ORDER);
        told.forEach((key, last) -> merged.merge(key.place, last.run, HostCoverage::meanwhile));
        return HostCoverage.runs(merged.values());
    }
}
