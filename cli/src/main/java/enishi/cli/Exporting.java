package enishi.cli;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.settings.ExitCode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dependencies in other tools' formats. The coverage goes to stderr, so that a file holds one format only. */
final class Exporting {
    private static final String HEADING = "client_host,client_program,client_service,client_address,server_host,"
            + "server_program,server_service,server_address,server_port,transport,first_seen,last_seen,connections,"
            + "failures,active,client_bytes,server_bytes,seen_from";
    private final Asking asking;

    Exporting(Asking asking) {
        this.asking = asking;
    }

    /** The export's last line. */
    record Trailer(Instant from, Instant to, CoverageVerdict coverage) {}

    int run(Map<String, String> parameters) {
        String format = asking.output("jsonl", "jsonl", "csv", "tuples");
        List<String> lines = asking.connect().get("export", parameters).lines().toList();
        if (format.equals("csv")) {
            asking.out().print(HEADING + "\r\n");
        }
        for (String line : lines.subList(0, lines.size() - 1)) {
            switch (format) {
                case "csv" -> asking.out().print(csv(Answers.read(line, Dependency.class)) + "\r\n");
                case "tuples" -> asking.out().print(tuples(Answers.read(line, Dependency.class)));
                default -> asking.out().println(line);
            }
        }
        asking.out().flush();
        Trailer trailer = Answers.read(lines.getLast(), Trailer.class);
        CoverageLine line = new CoverageLine(ZoneId.systemDefault());
        asking.err().println(line.window(trailer.from(), trailer.to()));
        asking.err().println(line.coverage(trailer.coverage()));
        asking.err().flush();
        return ExitCode.OK.code();
    }

    /** RFC 4180. What a spreadsheet would take for a formula gets a quote before it. */
    static String csv(Dependency each) {
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
                field(each.server().port()),
                field(each.transport().name().toLowerCase(Locale.ROOT)),
                field(each.firstSeen()),
                field(each.lastSeen()),
                field(each.connections()),
                field(each.failures()),
                field(each.active()),
                field(each.clientBytes()),
                field(each.serverBytes()),
                field(each.seenFrom().name().toLowerCase(Locale.ROOT)));
    }

    private static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        String tame = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return tame.matches("[^\",\\r\\n]*") ? tame : "\"" + tame.replace("\"", "\"\"") + "\"";
    }

    /** The paper's six, a line for each end seen; the ephemeral port is folded away. */
    static String tuples(Dependency each) {
        StringBuilder lines = new StringBuilder();
        String ends = each.client().address() + " * " + each.server().address() + " "
                + each.server().port() + " ";
        if (each.seenFrom() != SeenFrom.SERVER) {
            lines.append(ends).append(end(each.client().pids(), each.client().program()));
        }
        if (each.seenFrom() != SeenFrom.CLIENT) {
            lines.append(ends).append(end(each.server().pids(), each.server().program()));
        }
        return lines.toString();
    }

    private static String end(List<Integer> pids, @Nullable String program) {
        return (pids.isEmpty() ? "?" : pids.getFirst().toString()) + " " + Text.orUnknown(program) + "\n";
    }
}
