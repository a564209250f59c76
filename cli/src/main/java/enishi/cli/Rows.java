package enishi.cli;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers as tables. */
final class Rows {
    private static final DateTimeFormatter SEEN = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");

    private Rows() {}

    static Table dependencies(Answer<Dependency> answer) {
        Table table = new Table("CLIENT", "SERVER", "PROTO", "CONN", "OPEN", "FAIL", "SEEN", "LAST");
        for (Dependency each : answer.items()) {
            table.row(
                    end(
                            each.client().host(),
                            each.client().program(),
                            each.client().service(),
                            each.client().address()),
                    end(
                                    each.server().host(),
                                    each.server().program(),
                                    each.server().service(),
                                    each.server().address())
                            + (each.server().port() == 0
                                    ? ""
                                    : ":" + each.server().port()),
                    lower(each.transport()),
                    Long.toString(each.connections()),
                    Long.toString(each.active()),
                    Long.toString(each.failures()),
                    lower(each.seenFrom()),
                    time(each.lastSeen()));
        }
        return table;
    }

    /** One dependency in a line, as it appears. */
    static String line(Dependency each) {
        return end(
                        each.client().host(),
                        each.client().program(),
                        each.client().service(),
                        each.client().address())
                + " → "
                + end(
                        each.server().host(),
                        each.server().program(),
                        each.server().service(),
                        each.server().address())
                + ":" + each.server().port() + " " + lower(each.transport());
    }

    private static String end(
            @Nullable String host, @Nullable String program, @Nullable String service, String address) {
        String name = program != null ? program : service;
        if (host == null) {
            return Text.safe(address);
        }
        return Text.safe(host) + "/" + Text.orUnknown(name);
    }

    static Table hosts(Answer<HostItem> answer) {
        Table table = new Table("HOST", "ID", "RUNG", "ADDRESSES", "LAST REPORT");
        for (HostItem each : answer.items()) {
            table.row(
                    Text.safe(each.host()),
                    each.hostId(),
                    each.rung().label(),
                    Text.safe(String.join(" ", each.addresses())),
                    time(each.lastReport()));
        }
        return table;
    }

    static Table services(Answer<ServiceItem> answer) {
        Table table = new Table("HOST", "SERVICE", "PROGRAMS", "LISTENS", "LAST");
        for (ServiceItem each : answer.items()) {
            table.row(
                    Text.safe(each.host()),
                    Text.safe(each.service()),
                    Text.safe(String.join(" ", each.programs())),
                    Text.safe(String.join(" ", each.listens())),
                    time(each.lastSeen()));
        }
        return table;
    }

    static Table listeners(Answer<ListenerItem> answer) {
        Table table = new Table("HOST", "PROTO", "ADDRESS", "PORT", "PROGRAM", "PIDS", "LAST");
        for (ListenerItem each : answer.items()) {
            table.row(
                    Text.safe(each.host()),
                    lower(each.transport()),
                    Text.safe(each.address()),
                    each.port() == null ? "*" : Integer.toString(each.port()),
                    Text.orUnknown(each.program()),
                    each.pids().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                    time(each.lastSeen()));
        }
        return table;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String time(Instant moment) {
        return SEEN.format(moment.atZone(ZoneId.systemDefault()));
    }
}
