package enishi.cli;

import enishi.settings.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code enishi}. */
@Command(
        name = "enishi",
        description = "Which network services every process depends on, and which depend on it; now and in the past.",
        mixinStandardHelpOptions = true,
        version = "enishi 0.1.0",
        subcommands = {
            Up.class,
            Parts.Server.class,
            Parts.Agent.class,
            Questions.Dependencies.class,
            Questions.Dependents.class,
            Questions.Hosts.class,
            Questions.Services.class,
            Questions.Listeners.class,
            Questions.Export.class
        })
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        commands.setExitCodeExceptionMapper(Main::code);
        commands.setParameterExceptionHandler((e, arguments) -> {
            e.getCommandLine()
                    .getErr()
                    .println("enishi: " + Text.safe(String.valueOf(e.getMessage())) + "; see 'enishi " + "--help'");
            return ExitCode.USAGE.code();
        });
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof Failure failure) {
                command.getErr().println("enishi: " + failure.getMessage());
                return failure.code().code();
            }
            command.getErr().println("enishi: a bug of ours: " + e);
            e.printStackTrace(command.getErr());
            return ExitCode.BUG.code();
        });
        return commands;
    }

    private static int code(Throwable e) {
        return e instanceof Failure failure ? failure.code().code() : ExitCode.BUG.code();
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
