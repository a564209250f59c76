package enishi.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask. */
final class Questions {
    private Questions() {}

    static class Base {
        @Mixin
        final Asking asking = new Asking();
    }

    static class OfNode extends Base {
        @Parameters(
                paramLabel = "NODE",
                description = "self, HOST, HOST/PROGRAM[:PORT], ADDRESS[:PORT], program:NAME,"
                        + " service:NAME, zone:NAME or site:NAME")
        private String node = "self";

        @Option(names = "--by", paramLabel = "LEVEL", description = "fold by process, service, host, zone or site")
        private @Nullable String by;

        @Option(names = "--attempts", description = "what was never established, instead")
        private boolean attempts;

        int ask(String path) {
            Map<String, String> parameters = asking.parameters();
            parameters.put("node", asking.node(node));
            Folding.put(parameters, by, attempts);
            return asking.answer(path, parameters, Answers.DEPENDENCIES, Rows::dependencies);
        }
    }

    @Command(name = "dependencies", aliases = "deps", description = "What NODE depends on.")
    static final class Dependencies extends OfNode implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return ask("dependencies");
        }
    }

    @Command(name = "dependents", description = "Who depends on NODE.")
    static final class Dependents extends OfNode implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return ask("dependents");
        }
    }

    @Command(name = "hosts", description = "Every host that ever reported.")
    static final class Hosts extends Base implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return asking.answer("hosts", asking.parameters(), Answers.HOSTS, Rows::hosts);
        }
    }

    @Command(name = "services", description = "What answers on sockets.")
    static final class Services extends Base implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return asking.answer("services", asking.parameters(), Answers.SERVICES, Rows::services);
        }
    }

    @Command(name = "listeners", description = "Every listening socket.")
    static final class Listeners extends Base implements java.util.concurrent.Callable<Integer> {
        @Option(names = "--unused", description = "only those that nothing was seen to reach")
        private boolean unused;

        @Override
        public Integer call() {
            Map<String, String> parameters = asking.parameters();
            if (unused) {
                parameters.put("unused", "true");
            }
            return asking.answer("listeners", parameters, Answers.LISTENERS, Rows::listeners);
        }
    }

    @Command(name = "export", description = "All dependencies of a window, as jsonl, csv or tuples.")
    static final class Export extends Base implements java.util.concurrent.Callable<Integer> {
        @Option(names = "--by", paramLabel = "LEVEL", description = "fold by process, service, host, zone or site")
        private @Nullable String by;

        @Option(names = "--attempts", description = "what was never established, instead")
        private boolean attempts;

        @Override
        public Integer call() {
            Map<String, String> parameters = asking.parameters();
            Folding.put(parameters, by, attempts);
            return new Exporting(asking).run(parameters);
        }
    }
}
