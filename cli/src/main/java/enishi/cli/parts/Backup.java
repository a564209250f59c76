package enishi.cli.parts;

import enishi.cli.ask.Connect;
import enishi.cli.ask.Failure;
import enishi.cli.ask.Saving;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Asks the running server for a backup; where none runs, a process of the server's makes it from the file itself. */
@Command(
        name = "backup",
        description = {
            "Copies all that the server keeps into a new FILE, also while it runs.",
            "The secret behind the tokens is not in it: keep that file as well."
        },
        mixinStandardHelpOptions = true)
public final class Backup implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private Parts.@Nullable Server parent;

    @Mixin
    private final Connect connect = new Connect();

    @Parameters(paramLabel = "FILE", description = "must not exist; only you may read it")
    private @Nullable Path file;

    @Override
    public Integer call() {
        if (spec == null || parent == null || file == null) {
            throw new IllegalStateException("picocli sets these before any command runs");
        }
        if (!parent.arguments().isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "'" + Text.safe(parent.arguments().getFirst()) + "' stands before backup; options go after it");
        }
        Saving saving = new Saving(file);
        if (connect.isOfStateFolder() && !connect.isListening()) {
            String home = connect.home().folder().toString();
            return Children.inPlace(
                    new Children().server(connect.home(), List.of("backup", file.toString(), "--home", home)));
        }
        long bytes = saving.backup(connect);
        var out = spec.commandLine().getOut();
        out.println(Text.safe(file + ": " + bytes + " bytes"));
        out.flush();
        return ExitCode.OK.code();
    }
}
