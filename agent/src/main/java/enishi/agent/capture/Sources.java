package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.model.Address;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * From which address a namespace talks to another. An unconnected UDP socket that is bound to none leaves that to the
 * routing table at each datagram, so it is asked of the routing table here, and remembered for a while.
 */
final class Sources {
    private static final int REMEMBERED_MAX = 4_096;
    private final Namespaces namespaces;
    private final Map<Way, Address> known = new LinkedHashMap<>();

    private record Way(long namespace, Address remote) {}

    Sources(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** The address, or the one given where no way leads there or none can be asked for: what was told is not lost. */
    Address towards(long namespace, Address remote, Address otherwise) {
        Way way = new Way(namespace, remote);
        Address found = known.get(way);
        if (found == null) {
            if (known.size() >= REMEMBERED_MAX) {
                known.clear();
            }
            found = asked(way).orElse(otherwise);
            known.put(way, found);
        }
        return found;
    }

    private Optional<Address> asked(Way way) {
        try {
            return namespaces.towards(way.namespace(), way.remote());
        } catch (KernelException e) {
            System.getLogger(Sources.class.getName())
                    .log(System.Logger.Level.DEBUG, "no route to {0}: {1}", way.remote(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Routes and addresses may have changed. */
    void forget() {
        known.clear();
    }
}
