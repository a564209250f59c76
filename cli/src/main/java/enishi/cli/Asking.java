package enishi.cli;

import enishi.answer.Answer;
import enishi.settings.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.type.TypeReference;

/** What every question has in common: where to ask, over which window, how to print. */
final class Asking {
    private static final Pattern AGO = Pattern.compile("\\d{1,6}[smhd]");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private final Connect connect = new Connect();

    @Option(names = "--since", paramLabel = "TIME", description = "start: 2026-11-20T03:00, or so long ago, like 2h")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "end; default now")
    private @Nullable String until;

    @Option(names = "--at", paramLabel = "TIME", description = "one minute, instead of --since and --until")
    private @Nullable String at;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table or json; export: jsonl, csv or tuples")
    private @Nullable String output;

    Connect connect() {
        return connect;
    }

    String output(String otherwise, String... known) {
        String chosen = output == null ? otherwise : output;
        for (String each : known) {
            if (each.equals(chosen)) {
                return chosen;
            }
        }
        throw new Failure(ExitCode.USAGE, "--output is one of " + String.join(", ", known) + ", not '" + chosen + "'");
    }

    /** The window as parameters; a time without offset is this terminal's, not the server's. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        put(parameters, "since", since);
        put(parameters, "until", until);
        put(parameters, "at", at);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String time) {
        if (time != null) {
            parameters.put(name, absolute(name, time));
        }
    }

    private static String absolute(String name, String time) {
        if (AGO.matcher(time).matches()) {
            return time;
        }
        try {
            if (!time.contains("T")) {
                return LocalDate.parse(time)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant()
                        .toString();
            }
            boolean offset = time.endsWith("Z") || time.lastIndexOf('+') > 10 || time.lastIndexOf('-') > 10;
            return offset
                    ? OffsetDateTime.parse(time).toInstant().toString()
                    : LocalDateTime.parse(time)
                            .atZone(ZoneId.systemDefault())
                            .toInstant()
                            .toString();
        } catch (DateTimeParseException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--" + name + " '" + time
                            + "' is no time: write 2026-11-20T03:00, 2026-11-20T03:00:00Z, 2026-11-20," + " 30m or 2h");
        }
    }

    /** {@code self} is the host on which the command runs. */
    String node(String node) {
        if (!node.equals("self") && !node.startsWith("self/")) {
            return node;
        }
        try {
            return Files.readString(connect.home().hostId()).strip() + node.substring("self".length());
        } catch (java.io.IOException e) {
            return node;
        }
    }

    /** How a table is filled from an answer. */
    interface Rows<T> {
        Table table(Answer<T> answer);
    }

    /** Asks, prints the answer, then its notes and coverage. */
    <T> int answer(String path, Map<String, String> parameters, TypeReference<Answer<T>> type, Rows<T> rows) {
        String format = output("table", "table", "json");
        String json = connect.get(path, parameters);
        if (format.equals("json")) {
            out().println(json);
            out().flush();
            return ExitCode.OK.code();
        }
        Answer<T> answer = Answers.read(json, type);
        out().print(rows.table(answer).render(columns()));
        out().flush();
        CoverageLine line = new CoverageLine(ZoneId.systemDefault());
        err().println(line.window(answer.from(), answer.to()) + (answer.items().isEmpty() ? "; nothing found" : ""));
        answer.notes().forEach(note -> err().println("note: " + Text.safe(note)));
        if (answer.next() != null) {
            err().println("note: there is more; narrow the question, or ask with -o json and cursor " + answer.next());
        }
        err().println(line.coverage(answer.coverage()));
        err().flush();
        return ExitCode.OK.code();
    }

    static int columns() {
        try {
            return Math.min(
                    Table.WIDTH_MAX,
                    Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "80"))));
        } catch (NumberFormatException e) {
            return 80;
        }
    }

    PrintWriter out() {
        return command().commandLine().getOut();
    }

    PrintWriter err() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets this before any command runs");
        }
        return spec;
    }
}
