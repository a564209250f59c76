package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.server.store.KnownHost;
import enishi.server.store.Received;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;

/**
 * A host as one incarnation of its agent told it, from the greatest sequence that came.
 *
 * @param rungCode the rung of the greatest sequence that carried coverage, 0 where none did
 */
record HostRow(
        int number,
        long incarnation,
        long sequence,
        long firstReceived,
        long received,
        long sent,
        int rungCode,
        long rungSequence,
        Host host) {
    static final String SELECT = "SELECT * FROM host";
    /** An incarnation that appeared later is the newer, whatever its clock says. */
    private static final Comparator<HostRow> AGE =
            Comparator.comparingLong(HostRow::firstReceived).thenComparingLong(HostRow::incarnation);

    record Key(HostId host, long incarnation) {}

    static HostRow of(int number, Received received) {
        Report report = received.report();
        int rung = report.coverage().stream()
                .max(Comparator.comparingLong(Coverage::minute))
                .map(coverage -> Codes.of(coverage.rung()))
                .orElse(0);
        long at = received.receivedAtMillis();
        long sequence = report.sequence();
        return new HostRow(
                number,
                report.incarnation(),
                sequence,
                at,
                at,
                report.sentAtMillis(),
                rung,
                rung == 0 ? -1 : sequence,
                report.host());
    }

    /** This and another of the same incarnation as one; the same again if nothing is new. */
    HostRow with(HostRow other) {
        HostRow last = other.sequence > sequence ? other : this;
        HostRow named = other.rungSequence > rungSequence ? other : this;
        return new HostRow(
                number,
                incarnation,
                last.sequence,
                Math.min(firstReceived, other.firstReceived),
                last.received,
                last.sent,
                named.rungCode,
                named.rungSequence,
                last.host);
    }

    Key key() {
        return new Key(host.id(), incarnation);
    }

    /** Each host as its newest incarnation told it. */
    static List<KnownHost> latest(Collection<HostRow> rows) {
        Map<HostId, List<HostRow>> byHost = new LinkedHashMap<>();
        for (HostRow row : rows) {
            byHost.computeIfAbsent(row.host.id(), each -> new ArrayList<>()).add(row);
        }
        return byHost.values().stream().map(HostRow::known).toList();
    }

    private static KnownHost known(List<HostRow> incarnations) {
        List<HostRow> newestFirst = incarnations.stream().sorted(AGE.reversed()).toList();
        HostRow newest = newestFirst.getFirst();
        Rung rung = newestFirst.stream()
                .filter(row -> row.rungCode != 0)
                .findFirst()
                .map(row -> Codes.rung(row.rungCode))
                .orElse(Rung.PROC);
        long first = newestFirst.getLast().firstReceived;
        return new KnownHost(newest.host, first, newest.received, rung, newest.sent - newest.received);
    }

    void write(DuckDBAppender to) throws SQLException {
        List<HostAddress> addresses = host.addresses();
        List<Map.Entry<String, String>> labels = List.copyOf(host.labels().entrySet());
        to.beginRow().append(number).append(host.id().high()).append(host.id().low());
        to.append(incarnation).append(sequence).append(firstReceived).append(received);
        to.append(sent).append((short) rungCode).append(rungSequence);
        to.append(host.name()).append(host.bootId());
        to.append(addresses.stream().mapToLong(HostAddress::namespace).toArray());
        to.append(addresses.stream().mapToLong(each -> each.address().high()).toArray());
        to.append(addresses.stream().mapToLong(each -> each.address().low()).toArray());
        to.append(labels.stream().map(Map.Entry::getKey).toList());
        to.append(labels.stream().map(Map.Entry::getValue).toList());
        to.endRow();
    }

    static HostRow read(ResultSet row) throws SQLException {
        List<Object> namespaces = Rows.list(row, "namespaces");
        List<Object> highs = Rows.list(row, "address_highs");
        List<Object> lows = Rows.list(row, "address_lows");
        List<HostAddress> addresses = new ArrayList<>();
        for (int i = 0; i < namespaces.size(); i++) {
            addresses.add(
                    new HostAddress((Long) namespaces.get(i), new Address((Long) highs.get(i), (Long) lows.get(i))));
        }
        List<Object> names = Rows.list(row, "label_names");
        List<Object> values = Rows.list(row, "label_values");
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            labels.put((String) names.get(i), (String) values.get(i));
        }
        return new HostRow(
                row.getInt("number"),
                row.getLong("incarnation"),
                row.getLong("sequence"),
                row.getLong("first_received"),
                row.getLong("received"),
                row.getLong("sent"),
                row.getInt("rung"),
                row.getLong("rung_sequence"),
                new Host(
                        new HostId(row.getLong("high"), row.getLong("low")),
                        row.getString("name"),
                        row.getString("boot_id"),
                        addresses,
                        labels));
    }
}
