package enishi.cli.output;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One dependency in other tools' formats. */
public final class Formats {
    /** The first line of a CSV file. */
    public static final String CSV_HEADING =
            "client_host,client_program,client_service,client_address,server_host,server_program,server_service,"
                    + "server_address,server_port,transport,first_seen,last_seen,connections,failures,active,"
                    + "client_bytes,server_bytes,seen_from,server_path,server_name,via,client_network,"
                    + "server_network\r\n";

    private static final String FORMULA_FIRST = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

    private Formats() {}

    /** A line of RFC 4180. What a spreadsheet would take for a formula gets a single quote before it. */
    public static String csv(Dependency each) {
        return String.join(
                        ",",
                        field(each.client().host()),
                        field(each.client().program()),
                        field(each.client().service()),
                        field(each.client().address()),
                        field(each.server().host()),
                        field(each.server().program()),
                        field(each.server().service()),
                        field(each.server().address()),
                        field(each.server().isAt(0) ? null : each.server().port()),
                        field(Rows.lower(each.transport())),
                        field(each.firstSeen()),
                        field(each.lastSeen()),
                        field(each.connections()),
                        field(each.failures()),
                        field(each.active()),
                        field(each.clientBytes()),
                        field(each.serverBytes()),
                        field(Rows.lower(each.seenFrom())),
                        field(each.server().path()),
                        field(each.server().name()),
                        field(String.join(" ", each.via())),
                        field(each.client().network()),
                        field(each.server().network()))
                + "\r\n";
    }

    private static String field(@Nullable Object value) {
        String text = value == null ? "" : Text.safe(value.toString());
        boolean formula = !text.isEmpty() && FORMULA_FIRST.indexOf(text.charAt(0)) >= 0;
        String tame = formula ? "'" + text : text;
        return tame.indexOf('"') >= 0 || tame.indexOf(',') >= 0 ? "\"" + tame.replace("\"", "\"\"") + "\"" : tame;
    }

    /**
     * The paper's six, a line for each end seen; the ephemeral port is folded away, and the name stands last. Over unix
     * the server's address is its path, in which a space is written {@code \x20}, and nothing else has a value.
     */
    public static String tuples(Dependency each) {
        StringBuilder lines = new StringBuilder();
        String ends = starIfNone(each.client().address()) + " * "
                + starIfNone(
                        each.server().path() == null
                                ? each.server().address()
                                : each.server().path()) + " "
                + starIfNone(each.server().isAt(0) ? null : each.server().port()) + " ";
        if (each.seenFrom() != SeenFrom.SERVER) {
            lines.append(ends).append(end(each.client().pids(), each.client().program()));
        }
        if (each.seenFrom() != SeenFrom.CLIENT) {
            lines.append(ends).append(end(each.server().pids(), each.server().program()));
        }
        return lines.toString();
    }

    private static String starIfNone(@Nullable Object value) {
        return value == null ? "*" : Text.safe(value.toString()).replace(" ", "\\x20");
    }

    private static String end(List<Integer> pids, @Nullable String program) {
        return (pids.isEmpty() ? "?" : pids.getFirst().toString()) + " " + Text.orUnknown(program) + "\n";
    }
}
