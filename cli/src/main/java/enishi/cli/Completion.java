package enishi.cli;

import enishi.settings.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The script with which a shell completes commands and options. */
@Command(
        name = "completion",
        description = "The script with which bash or zsh completes commands and options.",
        footer = {"%nbash, zsh:  source <(enishi completion)"},
        mixinStandardHelpOptions = true)
final class Completion implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    /** One script serves both. */
    enum Shell {
        bash,
        zsh
    }

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}; one script serves both")
    @SuppressWarnings("unused") // its value changes nothing, a wrong one is refused
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets this before any command runs");
        }
        var out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("enishi", Main.commandLine()));
        out.flush();
        return ExitCode.OK.code();
    }
}
