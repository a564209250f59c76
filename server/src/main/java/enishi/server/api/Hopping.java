package enishi.server.api;

import enishi.answer.Hop;
import enishi.model.HostId;
import enishi.server.graph.Node;
import io.helidon.http.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hops that a question about a node is about. */
final class Hopping {
    /** Of so many hosts the hops are told at once: each is asked about once a span. */
    private static final int HOSTS_MAX = 16;

    private Hopping() {}

    /** Those of a host, or of a program or service wherever it is asked for something. */
    static List<Paging.Item<Hop>> of(View view, Node node) {
        return hosts(view, node).stream()
                .flatMap(host -> view.hops(host).on(host, program(node)).stream()
                        .map(hop -> new Paging.Item<>(
                                hop, Arrays.asList(host, hop.program(), hop.service(), hop.container()))))
                .toList();
    }

    private static Set<HostId> hosts(View view, Node node) {
        boolean whole = node instanceof Node.OnHost on && on.port() == null && on.pid() == null;
        if (!whole && !(node instanceof Node.ProgramNamed) && !(node instanceof Node.ServiceNamed)) {
            throw refuse("hops are asked of a host, a program or a service:"
                    + " HOST, HOST/PROGRAM, program:NAME or service:NAME");
        }
        Set<HostId> hosts = node instanceof Node.OnHost on ? Set.of(on.host()) : view.serving(node);
        if (hosts.size() > HOSTS_MAX) {
            throw refuse(hosts.size() + " hosts run that; hops are asked of " + HOSTS_MAX
                    + " at most: name one, as HOST/PROGRAM");
        }
        return hosts;
    }

    private static @Nullable String program(Node node) {
        return switch (node) {
            case Node.OnHost on -> on.program();
            case Node.ProgramNamed named -> named.name();
            case Node.ServiceNamed named -> named.name();
            default -> null;
        };
    }

    private static Refusal refuse(String why) {
        return new Refusal(Status.BAD_REQUEST_400, why);
    }
}
