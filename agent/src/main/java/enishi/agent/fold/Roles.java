package enishi.agent.fold;

import enishi.agent.capture.PortRange;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.TcpCounters;
import enishi.agent.capture.UnixEnd;
import enishi.model.Evidence;
import enishi.model.Role;
import enishi.model.Transport;
import java.util.Optional;
import java.util.Set;

/**
 * Which side of a connection a socket is: from the order of events where that was seen, else from the socket's own
 * counters where they tell, else from this host's listeners, else from the shape of the ports.
 */
final class Roles {
    private static final Set<Evidence> POLLED = Set.of(Evidence.LISTENER, Evidence.POLLED);
    private final Listeners listeners;
    private final Surroundings surroundings;

    Roles(Listeners listeners, Surroundings surroundings) {
        this.listeners = listeners;
        this.surroundings = surroundings;
    }

    /** The role of a connection's socket as far as anything proves it now. */
    RoleFound of(Connection connection, SocketSeen socket) {
        if (connection.witnessed != null) {
            return connection.witnessed;
        }
        UnixEnd unix = socket.unix();
        if (unix != null) {
            return new RoleFound(Role.CLIENT, unix.told() ? Set.of(Evidence.LISTENER) : POLLED);
        }
        TcpCounters counters = connection.counters;
        if (counters != null && counters.opener() != null) {
            return RoleFound.counted(counters.opener());
        }
        boolean here = listeners
                .taking(socket.namespace(), socket.local(), socket.localPort(), socket.transport())
                .filter(held -> held.socket.key() != socket.key())
                .isPresent();
        boolean there = askedHere(socket).isPresent();
        if (here != there) {
            return new RoleFound(here ? Role.SERVER : Role.CLIENT, Set.of(Evidence.LISTENER));
        }
        return byPort(socket);
    }

    /**
     * Whether only the ports speak for a role and may mislead. They do not tell where both look chosen or neither does.
     * Where they make a server of this host, its listener should be known: that it is not may be because it has closed,
     * or opened while the poll went on, or because the ports are the wrong way round.
     */
    boolean isAmbiguous(Connection connection, SocketSeen socket) {
        RoleFound found = of(connection, socket);
        PortRange ephemeral = surroundings.ephemeral().apply(socket.namespace());
        return found.isGuessed()
                && (found.role() == Role.SERVER
                        || isThisHost(socket)
                        || ephemeral.has(socket.localPort()) == ephemeral.has(socket.remotePort()));
    }

    /** Whether a listener of this host took the connection whose owner is still looked for. */
    boolean waitsForListener(Connection connection, SocketSeen socket) {
        return of(connection, socket).role() == Role.SERVER
                && listeners
                        .taking(socket.namespace(), socket.local(), socket.localPort(), socket.transport())
                        .filter(held -> !held.ownerSettled)
                        .isPresent();
    }

    /** The listener on this host at the other end of a socket. */
    Optional<Listeners.Held> askedHere(SocketSeen socket) {
        return isThisHost(socket)
                ? listeners.taking(socket.namespace(), socket.remote(), socket.remotePort(), socket.transport())
                : Optional.empty();
    }

    private boolean isThisHost(SocketSeen socket) {
        return socket.remote().isLoopback()
                || socket.remote().equals(socket.local())
                || surroundings.isOwn().test(socket.namespace(), socket.remote());
    }

    /**
     * A UDP socket that one dump at most has shown may never have sent: getaddrinfo connects such ones by the dozen.
     */
    private RoleFound byPort(SocketSeen socket) {
        boolean unproved = socket.transport() == Transport.UDP && socket.polls() < 2;
        PortRange ephemeral = surroundings.ephemeral().apply(socket.namespace());
        boolean localChosen = ephemeral.has(socket.localPort());
        boolean remoteChosen = ephemeral.has(socket.remotePort());
        boolean server =
                localChosen == remoteChosen ? socket.localPort() < socket.remotePort() && !localChosen : remoteChosen;
        boolean known = socket.localPort() != 0;
        return new RoleFound(server && known ? Role.SERVER : Role.CLIENT, unproved ? Set.of() : Set.of(Evidence.PORT));
    }
}
