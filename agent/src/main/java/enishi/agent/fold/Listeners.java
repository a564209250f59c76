package enishi.agent.fold;

import enishi.agent.capture.PortRange;
import enishi.agent.capture.SocketSeen;
import enishi.agent.process.Owner;
import enishi.agent.process.Owners;
import enishi.model.Address;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Role;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of this host, and for a while those that closed: connections they accepted live on, and those too
 * short to be seen open are told only after their end.
 */
final class Listeners {
    private static final long REMEMBERED_MILLIS = 120_000;
    private static final long MINUTE_MILLIS = 60_000;
    private static final long NAMED_AFTER_MILLIS = 60_000;
    private static final int UNPROVED_MAX = 4_096;
    private final Map<Long, Held> byKey = new HashMap<>();
    private final Map<Integer, List<Held>> byPort = new HashMap<>();
    private int unproved;

    /** A listener as this host holds it. */
    static final class Held {
        final SocketSeen socket;

        @Nullable Owner owner;

        boolean ownerSettled;
        long lastSeenMillis;
        long reportedMillis;
        boolean closed;

        /** Whether a connection of this host was seen to ask it. */
        boolean isAsked;

        private boolean reportedAnonymous;

        /** Known by the notice of its end alone: it had a port and no peer, which bound sockets have too. */
        boolean unproved;

        Held(SocketSeen socket) {
            this.socket = socket;
        }

        /**
         * Whether its port means nothing: UDP sockets on ports that the kernel chose are one listener per program. One
         * that somebody here asks, or that stays for a minute, may well have chosen the port itself.
         */
        private boolean isAnonymous(PortRange ephemeral) {
            return socket.transport() == Transport.UDP
                    && ephemeral.has(socket.localPort())
                    && !isAsked
                    && lastSeenMillis - socket.seenAtMillis() < NAMED_AFTER_MILLIS;
        }

        /** Whether the first process keeps it, perhaps for a service that has not been started yet. */
        private boolean isKept() {
            return !closed && owner != null && owner.process().pid() == 1;
        }

        /** Whoever was given it is its server, and is told anew. */
        private void passedOn(Optional<Owner> to) {
            if (to.isPresent() && !to.get().equals(owner)) {
                owner = to.get();
                reportedMillis = 0;
            }
        }

        private boolean isBetterThan(@Nullable Held other) {
            return other == null || (other.closed && !closed) || (other.unproved && !unproved);
        }

        private boolean takes(long namespace, Address to, int port, Transport over) {
            Listener bound = new Listener(
                    new HostId(0, 0),
                    namespace,
                    socket.local(),
                    socket.localPort(),
                    socket.transport(),
                    socket.v6Only(),
                    null,
                    socket.socketName());
            return socket.namespace() == namespace && bound.takes(to, port, over);
        }
    }

    Held open(SocketSeen socket) {
        Held known = byKey.get(socket.key());
        if (known != null) {
            return known;
        }
        Held held = new Held(socket);
        byKey.put(socket.key(), held);
        byPort.computeIfAbsent(socket.localPort(), port -> new ArrayList<>()).add(held);
        return held;
    }

    /** A socket that was gone before any dump showed it, and had a port but no peer: perhaps a listener. */
    void goneUnseen(SocketSeen socket, long nowMillis) {
        if (unproved < UNPROVED_MAX && !byKey.containsKey(socket.key())) {
            unproved++;
            Held held = open(socket);
            held.unproved = true;
            held.closed = true;
            held.lastSeenMillis = nowMillis;
        }
    }

    int size() {
        return byKey.size();
    }

    Optional<Held> byKey(long key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Ends a poll: those that are open were seen by it, and their owners may have been found. */
    void settle(Owners owners, long nowMillis) {
        for (Held held : byKey.values()) {
            if (!held.closed) {
                held.lastSeenMillis = nowMillis;
            }
            if (held.isKept()) {
                held.passedOn(owners.ownerOf(held.socket.inode()));
            }
            if (!held.ownerSettled) {
                held.owner = owners.ownerOf(held.socket.inode()).orElse(null);
                held.ownerSettled = held.owner != null || held.closed || owners.gaveUp(held.socket.inode());
            }
        }
    }

    /** The listener that a connection to this endpoint arrives at; an open one before one that closed. */
    Optional<Held> taking(long namespace, Address to, int port, Transport over) {
        Held found = null;
        for (Held held : byPort.getOrDefault(port, List.of())) {
            if (held.isBetterThan(found) && held.takes(namespace, to, port, over)) {
                found = held;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Forgets those that closed long ago. */
    void prune(long nowMillis) {
        byKey.values().removeIf(held -> {
            boolean past = held.closed && nowMillis - held.lastSeenMillis > REMEMBERED_MILLIS;
            if (past) {
                unproved -= held.unproved ? 1 : 0;
                List<Held> there = byPort.getOrDefault(held.socket.localPort(), new ArrayList<>());
                there.remove(held);
                if (there.isEmpty()) {
                    byPort.remove(held.socket.localPort());
                }
            }
            return past;
        });
    }

    private static long minuteOf(long millis) {
        return Math.floorDiv(millis, MINUTE_MILLIS);
    }

    /** Spans to report: new ones, those that ended, and the others once a minute, so that every minute shows them. */
    List<ListenerSpan> flush(HostId host, LongFunction<PortRange> ephemeral) {
        List<ListenerSpan> spans = new ArrayList<>();
        for (Held held : byKey.values()) {
            boolean due = held.reportedMillis == 0
                    || (held.reportedAnonymous && !held.isAnonymous(ephemeral.apply(held.socket.namespace())))
                    || (held.closed && held.reportedMillis < held.lastSeenMillis)
                    || minuteOf(held.reportedMillis) != minuteOf(held.lastSeenMillis);
            if (held.ownerSettled && due && !held.unproved) {
                boolean anonymous = held.isAnonymous(ephemeral.apply(held.socket.namespace()));
                held.reportedAnonymous = anonymous;
                spans.add(span(held, host, anonymous));
                held.reportedMillis = held.lastSeenMillis;
            }
        }
        return spans;
    }

    private static ListenerSpan span(Held held, HostId host, boolean anonymous) {
        SocketSeen socket = held.socket;
        Listener listener = new Listener(
                host,
                socket.namespace(),
                anonymous ? (socket.local().isV4() ? Address.ANY_V4 : Address.ANY_V6) : socket.local(),
                anonymous ? 0 : socket.localPort(),
                socket.transport(),
                socket.v6Only() && !anonymous,
                held.owner == null ? null : held.owner.program(),
                socket.socketName());
        return new ListenerSpan(
                listener,
                held.owner == null ? null : held.owner.process(),
                socket.seenAtMillis(),
                Math.max(socket.seenAtMillis(), held.lastSeenMillis));
    }

    /** The holder of a socket; for the asked side of one too short to have a holder, the listener's. */
    @Nullable Owner owner(Owners owners, SocketSeen socket, Role role) {
        Optional<Owner> holder = socket.inode() == 0 ? Optional.empty() : owners.ownerOf(socket.inode());
        if (holder.isEmpty() && role == Role.SERVER) {
            holder = taking(socket.namespace(), socket.local(), socket.localPort(), socket.transport())
                    .flatMap(held -> Optional.ofNullable(held.owner));
        }
        return holder.orElse(null);
    }
}
