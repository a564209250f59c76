package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.server.store.FlowFilter;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.Only;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The few flows that a filter takes, found in the dictionary once. Their numbers also stand in a table of the
 * question's own connection: hundreds of numbers written into each statement take longer to read than the rows.
 *
 * @param flows by number
 * @param only how rows of the tiers are theirs
 */
record Picked(Map<Integer, Flow> flows, Only only) {
    private static final String TABLE = "picked";

    /** Picks those of a filter that does not take all. */
    static Picked of(Moment at, FlowFilter filter) throws SQLException {
        Map<Integer, Flow> flows = new HashMap<>();
        Set<Integer> hosts = new TreeSet<>();
        try (Statement statement = at.statement()) {
            statement.execute("CREATE TEMP TABLE " + TABLE + " AS SELECT number, host, " + Columns.FLOW
                    + " FROM flow WHERE " + where(filter));
        }
        try (Statement statement = at.statement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + TABLE)) {
            while (row.next()) {
                Columns next = new Columns(row);
                int number = next.small();
                hosts.add(next.small());
                flows.put(number, next.flow());
            }
        }
        return new Picked(flows, Only.of("SELECT number FROM " + TABLE, hosts));
    }

    Flow flow(int number) {
        return Objects.requireNonNull(flows.get(number));
    }

    private static String where(FlowFilter filter) {
        StringJoiner either = new StringJoiner(" OR ");
        if (!filter.hosts().isEmpty()) {
            either.add(isOneOf("host", filter.hosts(), HostId::high, HostId::low));
        }
        if (!filter.addresses().isEmpty()) {
            either.add(isOneOf("remote", filter.addresses(), Address::high, Address::low));
            either.add(isOneOf("local", filter.addresses(), Address::high, Address::low));
        }
        return either.toString();
    }

    /** The halves by themselves leave out nearly all, in a fraction of the time that pairs take to be compared. */
    private static <T> String isOneOf(String column, Set<T> values, ToLongFunction<T> high, ToLongFunction<T> low) {
        String pairs = list(values, each -> "(" + high.applyAsLong(each) + ", " + low.applyAsLong(each) + ")");
        return "(" + column + "_low IN " + list(values, each -> String.valueOf(low.applyAsLong(each)))
                + " AND " + column + "_high IN " + list(values, each -> String.valueOf(high.applyAsLong(each)))
                + " AND (" + column + "_high, " + column + "_low) IN " + pairs + ")";
    }

    private static <T> String list(Set<T> values, Function<T, String> written) {
        return values.stream().map(written).distinct().collect(Collectors.joining(", ", "(", ")"));
    }
}
