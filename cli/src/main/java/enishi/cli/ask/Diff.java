package enishi.cli.ask;

import enishi.answer.Comparison;
import enishi.cli.output.CoverageLine;
import enishi.cli.output.Rows;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What differs between two windows. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Dependencies that appeared, vanished or changed between two times.")
public final class Diff implements Callable<Integer> {
    private static final int ROWS_MAX = 10_000;

    @Mixin
    private final Asking asking = new Asking();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "WINDOW",
            description = "A..B, or a time for the hour that ends there: 1d, 2026-11-20T03:00")
    private String from = "";

    @Option(names = "--to", paramLabel = "WINDOW", description = "likewise; default the last hour")
    private String to = "now";

    @Option(
            names = "--by",
            paramLabel = "LEVEL",
            description = "compare by process, service (default), host, zone or site")
    private @Nullable String by;

    @Option(names = "--exit-code", description = "exit with 1 if anything differs")
    private boolean exitCode;

    @Override
    public Integer call() {
        String format = asking.output("table", "table", "json");
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("from", window("from", from));
        parameters.put("to", window("to", to));
        parameters.put("limit", Integer.toString(ROWS_MAX));
        if (by != null) {
            parameters.put("by", by);
        }
        String json = asking.connect().get("diff", parameters);
        Comparison answer = Answers.read(json, Comparison.class);
        if (format.equals("json")) {
            asking.out().println(Text.safeJson(json));
            asking.out().flush();
        } else {
            print(answer);
        }
        return (exitCode && !answer.items().isEmpty() ? ExitCode.NO : ExitCode.OK).code();
    }

    private static String window(String name, String text) {
        ZoneId zone = ZoneId.systemDefault();
        int dots = text.indexOf("..");
        return dots < 0
                ? AskedWindow.absolute(name, text, zone)
                : AskedWindow.absolute(name, text.substring(0, dots), zone)
                        + ".."
                        + AskedWindow.absolute(name, text.substring(dots + 2), zone);
    }

    private void print(Comparison answer) {
        int columns = Text.columnsOfTerminal();
        asking.out().print(new Rows(ZoneId.systemDefault()).changes(answer).render(columns));
        asking.out().flush();
        CoverageLine line = new CoverageLine(ZoneId.systemDefault());
        if (answer.items().isEmpty()) {
            asking.err().println("nothing differs");
        }
        if (answer.items().stream().anyMatch(each -> !each.certain())) {
            note("'?' stands where no host that reports it was watched throughout: it may have been missed", columns);
        }
        if (answer.more() > 0) {
            note("there are " + answer.more() + " more; compare by a higher level", columns);
        }
        answer.notes().forEach(each -> note(Text.safe(each), columns));
        told("before", answer.before(), line, columns);
        told("after", answer.after(), line, columns);
        asking.err().flush();
    }

    private void note(String note, int columns) {
        asking.err().print(Text.wrapped("note: ", note, columns));
    }

    private void told(String name, Comparison.Told told, CoverageLine line, int columns) {
        asking.err().println(name + " " + line.window(told.from(), told.to()));
        asking.err().print(Text.wrapped(name + " coverage: ", line.coverage(told.coverage()), columns));
    }
}
