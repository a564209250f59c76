package enishi.cli.parts;

import enishi.cli.ask.Connect;
import enishi.cli.output.AgentLines;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The two parts as production runs them. Their own options are checked by themselves. */
public final class Parts {
    private Parts() {}

    @Command(
            name = "server",
            description = "Keeps what agents report, and answers.",
            customSynopsis = {
                "enishi server [OPTION...]",
                "enishi server invite HOST > HOST.token",
                "enishi server backup FILE",
                "enishi server restore FILE",
                "enishi server verify [FILE]"
            },
            footerHeading = "%nOptions, also as ENISHI_... in the environment and in enishi.yaml:%n",
            footer = {
                "  --listen HOST:PORT      default 127.0.0.1:4649; beyond loopback only with TLS",
                "  --tls-cert FILE         certificate, PEM",
                "  --tls-key FILE          its key, PEM",
                "  --insecure-plain-http   for a laboratory: no TLS beyond loopback",
                "  --store-memory-mib N    memory of the store",
                "  --store-disk-mib N      disk of the store: beyond, minutes are dropped first, then the oldest hours",
                "  --store-reserve-mib N   free disk below which reports are refused for a while; default 512",
                "  --keep-minutes-hours N  how long minutes are kept as they came, 48 unless said otherwise; presence",
                "                          stays exact to the minute for ever, sums are then those of whole hours",
                "  --network CIDR=NAME     what addresses without an agent are called, such as 10.9.0.0/16=office; any",
                "                          number, in enishi.yaml as keys and values under 'network'",
                "  --no-inference          answer only what was observed: no 'hops'",
                "  --home FOLDER           state folder, instead of ENISHI_HOME",
                "  --config FILE           instead of enishi.yaml in the state folder",
                "'invite' prints the token with which the agent of one more host may report.",
                "'backup' works while the server runs, 'restore' only where none runs and no store is;",
                "'verify' reads every block of a backup, or of the store while no server runs."
            },
            subcommands = Backup.class,
            mixinStandardHelpOptions = true)
    public static final class Server implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        /** What stands here is the server's own to understand. */
        List<String> arguments() {
            return List.copyOf(arguments);
        }

        @Override
        public Integer call() {
            int at = arguments.indexOf("--home");
            Home home = at >= 0 && at + 1 < arguments.size()
                    ? new Home(Path.of(arguments.get(at + 1)).toAbsolutePath())
                    : Home.ofThisUser();
            return Children.inPlace(new Children().server(home, arguments));
        }
    }

    @Command(
            name = "agent",
            description = "Reads connections on this host and reports them.",
            customSynopsis = {"enishi agent [OPTION...]", "enishi agent status"},
            footerHeading = "%nOptions, also as ENISHI_... in the environment and in enishi.yaml:%n",
            footer = {
                "  --server URL            where to report",
                "  --token-file FILE       as whom: what 'enishi server invite HOST' printed",
                "  --tls-ca FILE           certificates to trust, PEM",
                "  --host-name NAME        what this host is called",
                "  --label KEY=VALUE       such as site=tokyo; may be repeated",
                "  --rung RUNG             pin one: ebpf, ebpf-tcp, sock_diag or proc",
                "  --container-runtime-socket PATH",
                "                          ask Docker or Podman there for containers' names",
                "  --udp-bytes             count the bytes of UDP on rung ebpf, at a cost",
                "  --no-names              do not learn from DNS answers what names programs look up",
                "  --home FOLDER           state folder, instead of ENISHI_HOME"
            },
            subcommands = Status.class,
            mixinStandardHelpOptions = true)
    public static final class Agent implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() {
            return Children.inPlace(new Children().agent(arguments));
        }
    }

    @Command(
            name = "status",
            description = "How the agent of this state folder is doing. Exit code 69: none runs.",
            mixinStandardHelpOptions = true)
    public static final class Status implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private final Connect connect = new Connect();

        @Override
        public Integer call() {
            if (spec == null) {
                throw new IllegalStateException("picocli sets this before any command runs");
            }
            var out = spec.commandLine().getOut();
            out.print(AgentLines.of(new AgentAccount(connect.home()).read(), Instant.now(), Text.columnsOfTerminal()));
            out.flush();
            return ExitCode.OK.code();
        }
    }
}
