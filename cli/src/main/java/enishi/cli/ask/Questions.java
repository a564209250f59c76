package enishi.cli.ask;

import enishi.cli.output.Rows;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask. */
public final class Questions {
    private Questions() {}

    /** How an answer is folded. */
    static final class Folding {
        @Option(names = "--by", paramLabel = "LEVEL", description = "fold by process, service, host, zone or site")
        private @Nullable String by;

        @Option(names = "--attempts", description = "what was never established, instead")
        private boolean attempts;

        void put(Map<String, String> parameters) {
            if (by != null) {
                parameters.put("by", by);
            }
            if (attempts) {
                parameters.put("attempts", "true");
            }
        }
    }

    @Command(mixinStandardHelpOptions = true)
    static class Base {
        @Mixin
        final Asking asking = new Asking();

        @Mixin
        private final AskedWindow window = new AskedWindow();

        Map<String, String> parameters() {
            return window.parameters(ZoneId.systemDefault());
        }
    }

    static class OfNode extends Base {
        @Parameters(
                arity = "0..1",
                paramLabel = "NODE",
                description = "self, HOST, HOST/PROGRAM[:PORT], ADDRESS[:PORT], unix:PATH, program:NAME,"
                        + " service:NAME, name:NAME, network:NAME, zone:NAME or site:NAME")
        private String node = "self";

        @Mixin
        private final Folding folding = new Folding();

        @Option(
                names = "--depth",
                paramLabel = "N",
                description = "and what those depend on, or who on those, N steps in all (1 to 16)")
        private @Nullable Integer depth;

        int ask(String path) {
            Map<String, String> parameters = parameters();
            parameters.put("node", asking.node(node));
            folding.put(parameters);
            if (depth != null) {
                parameters.put("depth", depth.toString());
            }
            return asking.answer(path, parameters, Answers.DEPENDENCIES, Rows::dependencies);
        }
    }

    @Command(name = "dependencies", aliases = "deps", description = "What NODE depends on.")
    public static final class Dependencies extends OfNode implements Callable<Integer> {
        @Override
        public Integer call() {
            return ask("dependencies");
        }
    }

    @Command(name = "dependents", description = "Who depends on NODE.")
    public static final class Dependents extends OfNode implements Callable<Integer> {
        @Override
        public Integer call() {
            return ask("dependents");
        }
    }

    @Command(name = "hops", description = "Programs that are asked and ask, and what seems to pass through (inferred).")
    public static final class Hops extends Base implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "NODE",
                description = "self, HOST, HOST/PROGRAM, program:NAME or service:NAME")
        private String node = "self";

        @Override
        public Integer call() {
            Map<String, String> parameters = parameters();
            parameters.put("node", asking.node(node));
            return asking.answer("hops", parameters, Answers.HOPS, Rows::hops);
        }
    }

    @Command(name = "hosts", description = "Every host that ever reported.")
    public static final class Hosts extends Base implements Callable<Integer> {
        @Override
        public Integer call() {
            return asking.answer("hosts", parameters(), Answers.HOSTS, Rows::hosts);
        }
    }

    @Command(name = "services", description = "What answers on sockets.")
    public static final class Services extends Base implements Callable<Integer> {
        @Override
        public Integer call() {
            return asking.answer("services", parameters(), Answers.SERVICES, Rows::services);
        }
    }

    @Command(name = "listeners", description = "Every listening socket.")
    public static final class Listeners extends Base implements Callable<Integer> {
        @Option(names = "--unused", description = "only those that nothing was seen to reach")
        private boolean unused;

        @Override
        public Integer call() {
            Map<String, String> parameters = parameters();
            if (unused) {
                parameters.put("unused", "true");
            }
            return asking.answer("listeners", parameters, Answers.LISTENERS, Rows::listeners);
        }
    }

    @Command(name = "export", description = "All dependencies of a window, as jsonl, csv or tuples.")
    public static final class Export extends Base implements Callable<Integer> {
        @Mixin
        private final Folding folding = new Folding();

        @Override
        public Integer call() {
            Map<String, String> parameters = parameters();
            folding.put(parameters);
            return new Exporting(asking).run(parameters);
        }
    }
}
