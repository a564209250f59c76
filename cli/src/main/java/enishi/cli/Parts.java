package enishi.cli;

import enishi.settings.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** The two parts as production runs them. Their own options are checked by themselves. */
final class Parts {
    private Parts() {}

    @Command(
            name = "server",
            description =
                    "Keeps and answers: [invite HOST] --listen HOST:PORT --tls-cert F --tls-key F --home FOLDER …",
            mixinStandardHelpOptions = true)
    static final class Server implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() {
            return Children.inPlace(new Children().server(arguments));
        }
    }

    @Command(
            name = "agent",
            description = "Reads connections on this host: --server URL --token-file F --tls-ca F --rung RUNG …",
            subcommands = Status.class,
            mixinStandardHelpOptions = true)
    static final class Agent implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() {
            return Children.inPlace(new Children().agent(arguments));
        }
    }

    @Command(name = "status", description = "How the agent of this state folder is doing.")
    static final class Status implements Callable<Integer> {
        @Mixin
        private final Connect connect = new Connect();

        @Override
        public Integer call() {
            System.out.print(new AgentAccount(connect.home()).text());
            System.out.flush();
            return ExitCode.OK.code();
        }
    }
}
