package enishi.server.store.duckdb;

import enishi.model.HostId;
import enishi.server.store.duckdb.tiers.History;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the writer need not write again: hosts by number and flows by id. Only what is committed stands here. */
final class Known {
    private final Map<HostId, Integer> numbers = new HashMap<>();
    private final Map<HostRow.Key, HostRow> hosts = new HashMap<>();
    private final LongSet flows = new LongSet();
    private long minutesFrom = Long.MIN_VALUE;

    static Known load(Connection connection) throws SQLException {
        Known known = new Known();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(HostRow.SELECT)) {
                while (rows.next()) {
                    known.put(HostRow.read(rows));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id FROM flow")) {
                while (rows.next()) {
                    known.flows.add(rows.getLong(1));
                }
            }
        }
        known.minutesFrom = History.kept(connection).minutesFrom();
        return known;
    }

    @Nullable Integer number(HostId id) {
        return numbers.get(id);
    }

    int hostCount() {
        return numbers.size();
    }

    @Nullable HostRow host(HostRow.Key key) {
        return hosts.get(key);
    }

    boolean hasFlow(long id) {
        return flows.contains(id);
    }

    /** The first minute of which rows may be appended to slots: those before were rolled up and dropped. */
    long minutesFrom() {
        return minutesFrom;
    }

    void minutesFrom(long minute) {
        minutesFrom = minute;
    }

    void put(HostRow row) {
        numbers.put(row.host().id(), row.number());
        hosts.put(row.key(), row);
    }

    void putFlow(long id) {
        flows.add(id);
    }
}
