package enishi.cli.output;

import enishi.answer.Answer;
import enishi.answer.Change;
import enishi.answer.Comparison;
import enishi.answer.Dependency;
import enishi.answer.Hop;
import enishi.answer.Hop.PassThrough;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import enishi.cli.output.Table.Cell;
import enishi.cli.output.Table.Column;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers as tables, with the times of one zone. */
public final class Rows {
    private final ZoneId zone;

    public Rows(ZoneId zone) {
        this.zone = zone;
    }

    /** Who translated addresses on the way has a column where anybody did. */
    public Table dependencies(Answer<Dependency> answer) {
        Moments moments = new Moments(zone, answer.to());
        boolean translated =
                answer.items().stream().anyMatch(each -> !each.via().isEmpty());
        List<Column> columns = new ArrayList<>(List.of(
                Column.text("CLIENT"),
                Column.text("SERVER"),
                Column.text("PROTO"),
                Column.number("CONN"),
                Column.number("OPEN"),
                Column.number("FAIL"),
                Column.text("SEEN"),
                Column.text("LAST")));
        if (translated) {
            columns.add(2, Column.text("VIA"));
        }
        Table table = new Table(columns.toArray(Column[]::new));
        for (Dependency each : answer.items()) {
            List<Cell> cells = new ArrayList<>(List.of(
                    client(each.client()),
                    server(each.server()),
                    Cell.of(lower(each.transport())),
                    Cell.of(Long.toString(each.connections())),
                    Cell.of(Long.toString(each.active())),
                    Cell.of(Long.toString(each.failures())),
                    Cell.of(lower(each.seenFrom())),
                    Cell.of(moments.shortly(each.lastSeen()))));
            if (translated) {
                cells.add(2, Cell.of(Text.safe(String.join(",", each.via()))));
            }
            table.row(cells.toArray(Cell[]::new));
        }
        return table;
    }

    /** A question mark stands behind what is not certain. */
    public Table changes(Comparison answer) {
        Moments moments = new Moments(zone, answer.after().to());
        Table table = new Table(
                Column.text("WHAT"),
                Column.text("CLIENT"),
                Column.text("SERVER"),
                Column.text("PROTO"),
                Column.text("CONN"),
                Column.text("FAIL"),
                Column.text("LAST"));
        for (Change each : answer.items()) {
            Dependency before = each.before();
            Dependency after = each.after();
            Dependency latest = after == null ? before : after;
            if (latest != null) {
                table.row(
                        Cell.of(lower(each.kind()) + (each.certain() ? "" : "?")),
                        client(latest.client()),
                        server(latest.server()),
                        Cell.of(lower(latest.transport())),
                        Cell.of(toward(before, after, Dependency::connections)),
                        Cell.of(toward(before, after, Dependency::failures)),
                        Cell.of(moments.shortly(latest.lastSeen())));
            }
        }
        return table;
    }

    private static String toward(
            @Nullable Dependency before, @Nullable Dependency after, ToLongFunction<Dependency> count) {
        return (before == null ? "-" : Long.toString(count.applyAsLong(before)))
                + " → "
                + (after == null ? "-" : Long.toString(count.applyAsLong(after)));
    }

    /** One dependency in a line, as it appears. */
    public static String line(Dependency each) {
        Cell client = client(each.client());
        Cell server = server(each.server());
        return client.fit(client.width()) + " → " + server.fit(server.width())
                + (each.server().path() == null ? " " + lower(each.transport()) : "");
    }

    private static Cell client(Dependency.ClientEnd end) {
        return end(end.host(), end.program() == null ? end.service() : end.program(), end.address(), end.network(), "");
    }

    private static Cell server(Dependency.ServerEnd end) {
        String program = end.program() == null ? end.service() : end.program();
        if (end.path() != null) {
            return new Cell(
                    Text.orUnknown(end.host()), "/" + Text.orUnknown(program) + " unix:" + Text.safe(end.path()), "");
        }
        String port = end.port() == null || end.port() == 0 ? "" : ":" + end.port();
        if (end.host() == null
                && end.name() != null
                && String.valueOf(end.address()).isEmpty()) {
            return new Cell(Text.safe(end.name()), "", port);
        }
        return end(end.host(), program, end.address(), end.name() == null ? end.network() : end.name(), port);
    }

    /** Of a host that does not report the address is known, and perhaps a name or network; that alone if folded. */
    private static Cell end(
            @Nullable String host,
            @Nullable String program,
            @Nullable String address,
            @Nullable String network,
            String port) {
        if (host != null || address == null) {
            return new Cell(Text.orUnknown(host), "/" + Text.orUnknown(program), port);
        }
        String at = port.isEmpty() ? Text.safe(address) : Text.bracketed(address);
        return network == null
                ? new Cell(at, "", port)
                : new Cell(Text.safe(network), "/" + (address.isEmpty() ? "*" : at), port);
    }

    /** A line for each that seems to pass through a hop; where nothing seems to, one without ends. */
    public Table hops(Answer<Hop> answer) {
        Table table = new Table(
                Column.text("CLIENT"),
                Column.text("HOP"),
                Column.text("SERVER"),
                Column.text("PROTO"),
                Column.number("CONN"),
                Column.number("TOGETHER"));
        for (Hop each : answer.items()) {
            for (PassThrough through : each.inferred()) {
                table.row(
                        client(through.client()),
                        server(through.asked()),
                        server(through.server()),
                        Cell.of(lower(through.transport())),
                        Cell.of(through.connectionsIn() + " → " + through.connectionsOut()),
                        Cell.of(through.together() + "/" + through.spans() + " × " + span(through.spanMinutes())));
            }
            if (each.inferred().isEmpty() || each.moreInferred() > 0) {
                table.row(
                        Cell.of(each.inferred().isEmpty() ? "-" : each.moreInferred() + " more"),
                        new Cell(Text.safe(each.host()), "/" + Text.safe(each.program()), ""),
                        Cell.of("-"),
                        Cell.of("-"),
                        Cell.of(each.connectionsIn() + " → " + each.connectionsOut()),
                        Cell.of("-"));
            }
        }
        return table;
    }

    private static String span(long minutes) {
        return minutes % 1_440 == 0 ? minutes / 1_440 + "d" : minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
    }

    /** A host's id is shown where its name alone would not tell which is meant. */
    public Table hosts(Answer<HostItem> answer) {
        Moments moments = new Moments(zone, answer.to());
        Map<String, Long> named =
                answer.items().stream().collect(Collectors.groupingBy(HostItem::host, Collectors.counting()));
        Table table = new Table(
                Column.text("HOST"),
                Column.text("RUNG"),
                Column.text("LABELS"),
                Column.text("ADDRESSES"),
                Column.text("LAST REPORT"));
        for (HostItem each : answer.items()) {
            String labels = new TreeMap<>(each.labels())
                    .entrySet().stream()
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.joining(" "));
            table.row(
                    new Cell(
                            Text.safe(each.host()),
                            "",
                            named.getOrDefault(each.host(), 1L) > 1 ? " " + Text.safe(each.hostId()) : ""),
                    Cell.of(each.rung().label()),
                    Cell.of(labels.isEmpty() ? "-" : Text.safe(labels)),
                    Cell.of(each.addresses().isEmpty() ? "-" : Text.safe(String.join(" ", each.addresses()))),
                    Cell.of(moments.shortly(each.lastReport())));
        }
        return table;
    }

    public Table services(Answer<ServiceItem> answer) {
        Moments moments = new Moments(zone, answer.to());
        Table table = new Table(
                Column.text("HOST"),
                Column.text("SERVICE"),
                Column.text("PROGRAMS"),
                Column.text("LISTENS"),
                Column.text("LAST"));
        for (ServiceItem each : answer.items()) {
            table.row(
                    Cell.of(Text.safe(each.host())),
                    Cell.of(Text.safe(each.service())),
                    Cell.of(Text.safe(String.join(" ", each.programs()))),
                    Cell.of(Text.safe(String.join(" ", each.listens()))),
                    Cell.of(moments.shortly(each.lastSeen())));
        }
        return table;
    }

    public Table listeners(Answer<ListenerItem> answer) {
        Moments moments = new Moments(zone, answer.to());
        Table table = new Table(
                Column.text("HOST"),
                Column.text("PROTO"),
                Column.text("ADDRESS"),
                Column.number("PORT"),
                Column.text("PROGRAM"),
                Column.text("PIDS"),
                Column.text("LAST"));
        for (ListenerItem each : answer.items()) {
            table.row(
                    Cell.of(Text.safe(each.host())),
                    Cell.of(lower(each.transport())),
                    Cell.of(Text.orUnknown(each.path() == null ? each.address() : each.path())),
                    Cell.of(each.port() != null ? Integer.toString(each.port()) : each.path() == null ? "*" : "-"),
                    Cell.of(Text.orUnknown(each.program())),
                    Cell.of(
                            each.pids().isEmpty()
                                    ? "?"
                                    : each.pids().stream().map(String::valueOf).collect(Collectors.joining(" "))),
                    Cell.of(moments.shortly(each.lastSeen())));
        }
        return table;
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
