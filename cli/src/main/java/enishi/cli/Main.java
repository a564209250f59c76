package enishi.cli;

import enishi.cli.ask.Failure;
import enishi.cli.ask.Questions;
import enishi.cli.output.Text;
import enishi.cli.parts.Parts;
import enishi.cli.parts.Up;
import enishi.settings.ExitCode;
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
            "  0 answered, 64 wrong usage, 66 NODE unknown, 69 server or agent not running,",
            "  70 a bug of ours, 74 store, 77 not allowed, 78 wrong configuration"
        },
        subcommands = {
            Up.class,
            Parts.Server.class,
            Parts.Agent.class,
            Questions.Dependencies.class,
            Questions.Dependents.class,
            Questions.Hosts.class,
            Questions.Services.class,
            Questions.Listeners.class,
            Questions.Export.class,
            Completion.class
        })
public final class Main implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        commands.setUsageHelpWidth(80);
        commands.setColorScheme(Help.defaultColorScheme(mayColour() ? Help.Ansi.ON : Help.Ansi.OFF));
        commands.setParameterExceptionHandler((e, arguments) -> {
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
