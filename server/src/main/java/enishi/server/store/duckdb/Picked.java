package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.HostId;
import enishi.server.store.FlowFilter;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.Only;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The flows that a filter takes, found in the dictionary once, as a table of the question's own connection: hundreds of
 * numbers written into each part of a question took longer to read than the rows.
 */
final class Picked {
    private static final String TABLE = "picked";

    private Picked() {}

    /** Picks them and tells how rows of the tiers are theirs. */
    static Only of(Moment at, FlowFilter filter) throws SQLException {
        if (filter.isAll()) {
            return Only.ALL;
        }
        String picked = "CREATE TEMP TABLE " + TABLE + " AS SELECT number, host FROM flow WHERE " + where(filter);
        try (Statement statement = at.statement()) {
            statement.execute(picked);
        }
        Set<Integer> hosts = new TreeSet<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery("SELECT DISTINCT host FROM " + TABLE)) {
            while (rows.next()) {
                hosts.add(rows.getInt(1));
            }
        }
        return Only.of("SELECT number FROM " + TABLE, hosts);
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

    private static <T> String isOneOf(String column, Set<T> values, ToLongFunction<T> high, ToLongFunction<T> low) {
        return "(" + column + "_high, " + column + "_low) IN ("
                + values.stream()
                        .map(each -> "(" + high.applyAsLong(each) + ", " + low.applyAsLong(each) + ")")
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
