package enishi.agent.capture;

import enishi.agent.kernel.UnixSocket;
import enishi.model.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a dump of unix sockets says: who listens, and who is the client of whom. The socket that a listener accepted
 * bears the listener's name (net/unix/af_unix.c, unix_stream_connect), so the end whose peer has a name is the client;
 * where both have one, the end whose peer's is listened at. A pair made by socketpair(2) has none.
 */
final class UnixDump {
    private final Map<Long, Placed> byCookie = new HashMap<>();

    /** A socket and the network namespace it is in: 0 for the agent's own. */
    private record Placed(long namespace, UnixSocket socket) {}

    /**
     * A listener or a client.
     *
     * @param key names the socket within this run of the agent
     * @param at where it listens, or where it asked
     */
    record Seen(long key, SocketState state, UnixEndpoint at, long inode) {}

    /** Takes a socket; one that is dumped twice counts once. */
    void add(long namespace, UnixSocket socket) {
        byCookie.put(socket.cookie(), new Placed(namespace, socket));
    }

    List<Seen> listeners() {
        List<Seen> found = new ArrayList<>();
        for (Placed each : byCookie.values()) {
            UnixSocket socket = each.socket();
            boolean waits = socket.isListening() || (socket.isDatagram() && socket.peer() == 0);
            if (waits && socket.inode() != 0) {
                SocketState state = socket.isListening() ? SocketState.LISTENING : SocketState.UNCONNECTED;
                endpoint(each).ifPresent(at -> found.add(seen(each, state, at)));
            }
        }
        return found;
    }

    List<Seen> clients() {
        Map<Long, Placed> byInode = new HashMap<>();
        byCookie.values().forEach(each -> byInode.put(each.socket().inode(), each));
        Set<Address> listened = new HashSet<>();
        listeners().forEach(each -> listened.add(each.at().key()));
        List<Seen> found = new ArrayList<>();
        for (Placed each : byCookie.values()) {
            Placed peer =
                    each.socket().peer() == 0 ? null : byInode.get(each.socket().peer());
            Optional<UnixEndpoint> asked = peer == null ? Optional.empty() : endpoint(peer);
            if (asked.isPresent() && isClient(endpoint(each), asked.get(), listened)) {
                found.add(seen(each, SocketState.OPEN, asked.get()));
            }
        }
        return found;
    }

    private static boolean isClient(Optional<UnixEndpoint> own, UnixEndpoint asked, Set<Address> listened) {
        return own.isEmpty()
                || (listened.contains(asked.key())
                        && !listened.contains(own.get().key()));
    }

    private static Optional<UnixEndpoint> endpoint(Placed each) {
        return UnixEndpoint.of(each.socket(), each.namespace());
    }

    private static Seen seen(Placed each, SocketState state, UnixEndpoint at) {
        long key = each.socket().cookie() ^ each.namespace() << 32;
        return new Seen(key, state, at, each.socket().inode());
    }
}
