package enishi.server.api;

import enishi.access.Identity;
import enishi.model.HostId;
import enishi.server.graph.Hosts;
import enishi.server.graph.Node;
import enishi.server.graph.NodeParser;
import enishi.server.graph.UnknownNodeException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/** Who asks, and what that allows: a viewer reads everything, an agent what concerns its own host. */
public record Asker(Identity identity) {

    /** The identity that the door has put into the request's context. */
    public static Asker of(ServerRequest request) {
        return new Asker(request.context()
                .get(Identity.class)
                .orElseThrow(() -> new Refusal(Status.UNAUTHORIZED_401, "this question needs a token")));
    }

    /** The one host this asker may read, or empty for all. */
    Optional<HostId> only() {
        return switch (identity) {
            case Identity.Agent agent -> Optional.of(agent.host());
            case Identity.Viewer viewer -> Optional.empty();
        };
    }

    boolean mayRead(HostId host) {
        return only().isEmpty() || only().get().equals(host);
    }

    /** Refuses an agent. */
    public void requireAll(String what) {
        if (only().isPresent()) {
            throw new Refusal(Status.FORBIDDEN_403, what + " is for viewers; an agent's token reads its own host only");
        }
    }

    /** Reads a node this asker may read; {@code self} is the host an agent's token speaks for. */
    Node node(String asked, Hosts hosts) {
        boolean isSelf = asked.equals("self") || asked.startsWith("self/");
        String text = isSelf && only().isPresent() ? only().get() + asked.substring("self".length()) : asked;
        if (text.equals(only().map(HostId::toString).orElse(""))) {
            return new Node.OnHost(only().orElseThrow(), null, null, null); // before its first report it is unknown
        }
        Node node;
        try {
            node = new NodeParser(hosts).parse(text);
        } catch (UnknownNodeException e) {
            requireAll("asking about '" + text + "'");
            throw new Refusal(Status.NOT_FOUND_404, String.valueOf(e.getMessage()));
        }
        if (!(node instanceof Node.OnHost on && mayRead(on.host()))) {
            requireAll("asking about '" + text + "'");
        }
        return node;
    }
}
