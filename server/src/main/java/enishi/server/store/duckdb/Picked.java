package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.server.store.FlowFilter;
import enishi.server.store.duckdb.Database.Preparer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The flows that a filter takes, by number. They are found in the dictionary first and written into the question, since
 * the engine skips blocks by the smallest and largest value of each only where it reads the values in the statement.
 *
 * @param all whether nothing is left out
 * @param hosts numbers of hosts
 * @param flows numbers of flows
 */
record Picked(boolean all, Set<Integer> hosts, Set<Integer> flows) {
    static Picked of(Preparer to, FlowFilter filter) throws SQLException {
        Set<Integer> hosts = new TreeSet<>();
        Set<Integer> flows = new TreeSet<>();
        if (filter.isAll()) {
            return new Picked(true, hosts, flows);
        }
        List<Object> values = new ArrayList<>();
        try (PreparedStatement statement = to.prepare("SELECT host, number FROM flow WHERE " + where(filter, values))) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    hosts.add(rows.getInt(1));
                    flows.add(rows.getInt(2));
                }
            }
        }
        return new Picked(false, hosts, flows);
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

    boolean isNone() {
        return !all && flows.isEmpty();
    }

    /** A condition on host and flow of a tier's rows, after AND. */
    String only() {
        return all ? "" : " AND host IN (" + list(hosts) + ") AND flow IN (" + list(flows) + ")";
    }

    /** The same of the dictionary's rows. */
    String where() {
        return all ? "" : " WHERE number IN (" + list(flows) + ")";
    }

    private static String list(Set<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
