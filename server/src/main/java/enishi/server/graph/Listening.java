package enishi.server.graph;

import enishi.answer.Dependency.ServerEnd;
import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.Transport;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.KnownListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The listeners of a window, by where they listen. */
public final class Listening {
    private final Map<Door, List<KnownListener>> byDoor = new HashMap<>();

    /**
     * Where a listener can be found without trying all of them.
     *
     * @param socket the name of a unix socket: its file's number belongs to another once the file is removed
     */
    private record Door(
            HostId host,
            long namespace,
            int port,
            Transport transport,
            @Nullable String socket) {}

    public Listening(Collection<KnownListener> listeners) {
        for (KnownListener each : listeners) {
            Listener listener = each.listener();
            Door door = new Door(
                    listener.host(), listener.namespace(), listener.port(), listener.transport(), listener.socket());
            byDoor.computeIfAbsent(door, key -> new ArrayList<>()).add(each);
        }
    }

    /** Those that nothing was seen to reach. Whoever a dependency may have meant is reached; by an attempt, nobody. */
    public Set<KnownListener> unused(Collection<Joined> dependencies) {
        Set<KnownListener> unused = Collections.newSetFromMap(new IdentityHashMap<>());
        byDoor.values().forEach(unused::addAll);
        for (Joined each : dependencies) {
            if (!each.attempt()) {
                reached(each).forEach(unused::remove);
            }
        }
        return unused;
    }

    /** At process level the flow is what tells a dependency from others, and a unix socket goes by the flow's key. */
    private List<KnownListener> reached(Joined each) {
        ServerEnd end = each.dependency().server();
        Transport transport = each.dependency().transport();
        if (each.identity() instanceof Flow flow && flow.transport() == Transport.UNIX) {
            return atSocket(each.server().places(), flow);
        }
        return end.address() == null || end.port() == null
                ? List.of()
                : taking(each.server().places(), Address.parse(end.address()), end.port(), transport);
    }

    /** Those at which a connection to this address and port arrives in one of these places. */
    public List<KnownListener> taking(Collection<Place> places, Address address, int port, Transport transport) {
        return taking(places, address, new Beyond(port, transport, null));
    }

    /** Those at the unix socket that a flow tells of. */
    List<KnownListener> atSocket(Collection<Place> places, Flow flow) {
        return taking(places, flow.server(), new Beyond(flow.serverPort(), flow.transport(), flow.name()));
    }

    /** What a door has beyond its place. */
    private record Beyond(
            int port, Transport transport, @Nullable String socket) {
        Door at(Place place) {
            return new Door(place.host(), place.namespace(), port, transport, socket);
        }
    }

    private List<KnownListener> taking(Collection<Place> places, Address address, Beyond beyond) {
        List<KnownListener> taking = new ArrayList<>();
        for (Place place : places) {
            Door door = beyond.at(place);
            for (KnownListener each : byDoor.getOrDefault(door, List.of())) {
                if (each.listener().takes(address, beyond.port(), beyond.transport())) {
                    taking.add(each);
                }
            }
        }
        return taking;
    }
}
