package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.server.store.FlowFilter;
import enishi.server.store.duckdb.Database.Preparer;
import enishi.server.store.duckdb.tiers.Only;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The flows that a filter takes, found in the dictionary once, as a table of the question's own connection: hundreds of
 * numbers written into each part of a question took longer to read than the rows.
 */
final class Picked {
    private static final String TABLE = "picked";

    private Picked() {}

    /** Picks them and tells how rows of the tiers are theirs. */
    static Only of(Preparer to, FlowFilter filter) throws SQLException {
        if (filter.isAll()) {
            return Only.ALL;
        }
        List<Object> values = new ArrayList<>();
        String where = where(filter, values);
        String sql = "CREATE TEMP TABLE " + TABLE + " AS SELECT number, host FROM flow WHERE " + where;
        try (PreparedStatement statement = to.prepare(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            statement.execute();
        }
        Set<Integer> hosts = new TreeSet<>();
        try (PreparedStatement statement = to.prepare("SELECT DISTINCT host FROM " + TABLE);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                hosts.add(rows.getInt(1));
            }
        }
        return Only.of("SELECT number FROM " + TABLE, hosts);
    }

    private static String where(FlowFilter filter, List<Object> values) {
        List<String> parts = new ArrayList<>();
        if (!filter.hosts().isEmpty()) {
            parts.add("(host_high, host_low) IN (" + pairs(filter.hosts().size()) + ")");
            filter.hosts().forEach(each -> values.addAll(List.of(each.high(), each.low())));
        }
        if (!filter.addresses().isEmpty()) {
            for (String end : List.of("remote", "local")) {
                parts.add("(" + end + "_high, " + end + "_low) IN ("
                        + pairs(filter.addresses().size()) + ")");
                for (Address each : filter.addresses()) {
                    values.addAll(List.of(each.high(), each.low()));
                }
            }
        }
        return String.join(" OR ", parts);
    }

    private static String pairs(int count) {
        return String.join(", ", Collections.nCopies(count, "(?, ?)"));
    }
}
