package enishi.cli.ask;

import enishi.answer.Answer;
import enishi.cli.output.CoverageLine;
import enishi.cli.output.Rows;
import enishi.cli.output.Table;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.type.TypeReference;

/** What every question has in common: where to ask and how to print. */
final class Asking {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private final Connect connect = new Connect();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (default) or json; of export: jsonl (default), csv or tuples")
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
        throw new Failure(
                ExitCode.USAGE, "--output is one of " + String.join(", ", known) + ", not '" + Text.safe(chosen) + "'");
    }

    /** {@code self} is the host on which the command runs, or whose token it was given: then the server knows it. */
    String node(String node) {
        boolean isSelf = node.equals("self") || node.startsWith("self/");
        if (!isSelf || (connect.hasOwnToken() && !Files.exists(connect.home().hostId()))) {
            return node;
        }
        try {
            return Files.readString(connect.home().hostId()).strip() + node.substring("self".length());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.UNKNOWN_NODE,
                    "'self' is unknown: no agent has run on the state folder "
                            + connect.home().folder() + "; name a host, or give --home");
        }
    }

    /** How a table is filled from an answer. */
    interface Tables<T> {
        Table table(Rows rows, Answer<T> answer);
    }

    /** Asks, prints the answer, then its notes and coverage. */
    <T> int answer(String path, Map<String, String> parameters, TypeReference<Answer<T>> type, Tables<T> tables) {
        String format = output("table", "table", "json");
        String json = new Pages(connect).all(path, parameters);
        if (format.equals("json")) {
            out().println(Text.safeJson(json));
            out().flush();
            return ExitCode.OK.code();
        }
        Answer<T> answer = Answers.read(json, type);
        int columns = Text.columnsOfTerminal();
        out().print(tables.table(new Rows(ZoneId.systemDefault()), answer).render(columns));
        out().flush();
        CoverageLine line = new CoverageLine(ZoneId.systemDefault());
        err().println(line.window(answer.from(), answer.to()) + (answer.items().isEmpty() ? "; nothing found" : ""));
        answer.notes().forEach(note -> err().print(Text.wrapped("note: ", Text.safe(note), columns)));
        if (answer.next() != null) {
            err().print(Text.wrapped(
                    "note: ",
                    "these are the first " + answer.items().size() + " rows and there are more; ask about a shorter"
                            + " window or a smaller NODE, or use 'enishi export'",
                    columns));
        }
        err().print(Text.wrapped("coverage: ", line.coverage(answer.coverage()), columns));
        err().flush();
        return ExitCode.OK.code();
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
