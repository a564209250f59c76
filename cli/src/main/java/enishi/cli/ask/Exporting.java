package enishi.cli.ask;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.cli.output.CoverageLine;
import enishi.cli.output.Formats;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies in other tools' formats, each line printed as it comes. The coverage goes to stderr, so that a file
 * holds one format only.
 */
final class Exporting {
    private static final int LOOK_EVERY = 256;
    private final Asking asking;
    private int count;
    private @Nullable String last;

    Exporting(Asking asking) {
        this.asking = asking;
    }

    /** The export's last line. */
    record Trailer(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable CoverageVerdict coverage) {}

    int run(Map<String, String> parameters) {
        String format = asking.output("jsonl", "jsonl", "csv", "tuples");
        UnaryOperator<String> form =
                switch (format) {
                    case "csv" -> line -> Formats.csv(Answers.read(line, Dependency.class));
                    case "tuples" -> line -> Formats.tuples(Answers.read(line, Dependency.class));
                    default -> line -> Text.safeJson(line) + "\n";
                };
        PrintWriter out = asking.out();
        out.print(format.equals("csv") ? Formats.CSV_HEADING : "");
        asking.connect().lines("export", parameters, line -> {
            if (last != null) {
                out.print(form.apply(last));
            }
            last = line;
            return ++count % LOOK_EVERY != 0 || !out.checkError(); // a reader that left, such as head, wants no more
        });
        if (out.checkError()) {
            return ExitCode.OK.code();
        }
        return end();
    }

    private int end() {
        Trailer trailer = Optional.ofNullable(last)
                .map(line -> Answers.read(line, Trailer.class))
                .orElse(new Trailer(null, null, null));
        if (trailer.from() == null || trailer.to() == null || trailer.coverage() == null) {
            throw new Failure(
                    ExitCode.UNAVAILABLE, "the server's answer broke off, so what was printed is not all; ask again");
        }
        CoverageLine line = new CoverageLine(ZoneId.systemDefault());
        asking.err().println(line.window(trailer.from(), trailer.to()));
        asking.err().print(Text.wrapped("coverage: ", line.coverage(trailer.coverage()), Text.columnsOfTerminal()));
        asking.err().flush();
        return ExitCode.OK.code();
    }
}
