package enishi.cli;

import enishi.cli.ask.Diff;
import enishi.cli.ask.Failure;
import enishi.cli.ask.Questions;
import enishi.cli.output.Text;
import enishi.cli.parts.Parts;
import enishi.cli.parts.Up;
import enishi.settings.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code enishi}. */
@Command(
        name = "enishi",
        description = "Which network services every process depends on, and which depend on it; now and in the past.",
        mixinStandardHelpOptions = true,
        version = "enishi 0.1.0",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0 answered, 1 something differs (diff --exit-code), 64 wrong usage,",
            "  66 NODE unknown, 69 server or agent not running, 70 a bug of ours,",
            "  74 store, 77 not allowed, 78 wrong configuration"
        })
public final class Main implements Runnable {
    private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = commands();

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    private static Map<String, Supplier<Callable<Integer>>> commands() {
        Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
        commands.put("up", Up::new);
        commands.put("server", Parts.Server::new);
        commands.put("agent", Parts.Agent::new);
        commands.put("dependencies", Questions.Dependencies::new);
        commands.put("dependents", Questions.Dependents::new);
        commands.put("hosts", Questions.Hosts::new);
        commands.put("services", Questions.Services::new);
        commands.put("hops", Questions.Hops::new);
        commands.put("listeners", Questions.Listeners::new);
        commands.put("diff", Diff::new);
        commands.put("export", Questions.Export::new);
        commands.put("completion", Completion::new);
        return commands;
    }

    /** All commands, or, for half the time to start, only the one that the arguments name. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commands = new CommandLine(new Main());
        String first = arguments.length == 0 ? "" : arguments[0].equals("deps") ? "dependencies" : arguments[0];
        COMMANDS.forEach((name, command) -> {
            if (!COMMANDS.containsKey(first) || name.equals(first)) {
                commands.addSubcommand(name, command.get());
            }
        });
        commands.setUsageHelpWidth(80);
        commands.setColorScheme(Help.defaultColorScheme(mayColour() ? Help.Ansi.ON : Help.Ansi.OFF));
        commands.setParameterExceptionHandler((e, given) -> {
            String asked = e.getCommandLine().getCommandSpec().qualifiedName();
            e.getCommandLine().getErr().println("enishi: " + oneLine(e.getMessage()) + "; see '" + asked + " --help'");
            return ExitCode.USAGE.code();
        });
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof Failure failure) {
                command.getErr().println("enishi: " + failure.getMessage());
                return failure.code().code();
            }
            command.getErr()
                    .println("enishi: a bug of ours: " + oneLine(e.toString()) + "; please report it with this:");
            e.printStackTrace(command.getErr());
            return ExitCode.BUG.code();
        });
        return commands;
    }

    /** Bold headings in help, on a terminal that the launcher saw; NO_COLOR (no-color.org) wins. */
    private static boolean mayColour() {
        return Boolean.getBoolean("enishi.terminal")
                && System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(System.getenv("TERM"));
    }

    private static String oneLine(@Nullable String message) {
        return Text.safe(String.valueOf(message).replaceAll("\\R\\s*", " "));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
