package enishi.agent.fold;

import enishi.agent.capture.Capture;
import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.process.Owner;
import enishi.agent.process.Owners;
import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Sockets in, flows out. Knows every open connection of this host, decides its role, waits a little for its owner, then
 * counts it in its flow. Used by one thread.
 *
 * <p>Wall time only names the minute and never runs backwards here: when it does, the caller flushes and begins anew.
 */
public final class FlowTable {
    private static final int OWNER_POLLS_MAX = 4;
    private final HostId host;
    private final Owners owners;
    private final FoldLimits limits;
    private final PortRange ephemeral;
    private final Listeners listeners = new Listeners();
    private final Roles roles;
    private final AttemptPorts attemptPorts = new AttemptPorts();
    private final CoverageMinutes coverage = new CoverageMinutes();
    private final Map<Long, Connection> connections = new HashMap<>();
    private final Map<Long, Connection> waiting = new LinkedHashMap<>();
    private final Map<Flow, FlowCounts> flows = new HashMap<>();
    private long nowMillis;
    private long minute;
    private long in;
    private long folded;
    private long dropped;
    private long droppedLater;
    private long unknownOwner;
    private boolean news;

    /** What a table folds by: the ports that clients get, and which addresses are this host's own, per namespace. */
    public record Surroundings(PortRange ephemeral, BiPredicate<Long, Address> isOwn) {}

    public FlowTable(HostId host, Owners owners, Surroundings surroundings, FoldLimits limits) {
        this.host = host;
        this.owners = owners;
        this.limits = limits;
        this.ephemeral = surroundings.ephemeral();
        this.roles = new Roles(listeners, ephemeral, surroundings.isOwn());
    }

    /** Begins a poll: from now on counts land in this wall-clock minute. */
    public void beginPoll(long wallMillis) {
        nowMillis = wallMillis;
        long next = Math.floorDiv(wallMillis, 60_000L);
        if (next != minute) {
            minute = next;
            flows.values().forEach(flow -> flow.roll(next, wallMillis));
            listeners.prune(wallMillis);
        }
    }

    /** Takes what a rung delivered. */
    public void take(Capture capture) {
        switch (capture) {
            case SocketSeen socket -> socket(socket);
        }
    }

    private void socket(SocketSeen socket) {
        if (socket.state() == SocketState.LISTENING || socket.state() == SocketState.UNCONNECTED) {
            owners.want(socket.inode());
            listeners.open(socket);
            return;
        }
        if (socket.state() == SocketState.CLOSED) {
            listeners.byKey(socket.key()).ifPresent(this::endListener);
        }
        Connection known = connections.get(socket.key());
        if (known != null) {
            change(known, socket);
        } else if (socket.state() != SocketState.CLOSED || socket.remotePort() != 0) {
            begin(socket);
        }
    }

    private void endListener(Listeners.Held held) {
        held.closed = true;
        held.lastSeenMillis = nowMillis;
        owners.forget(held.socket.inode());
    }

    private void begin(SocketSeen socket) {
        in++;
        if (connections.size() >= limits.connectionsMax()) {
            dropped++;
            return;
        }
        Connection connection = new Connection(socket, roles.of(socket));
        if (socket.state() == SocketState.CLOSED) {
            fold(connection);
            end(connection);
            return;
        }
        connections.put(socket.key(), connection);
        waiting.put(socket.key(), connection);
        if (socket.inode() != 0) {
            owners.want(socket.inode());
        }
    }

    private void change(Connection connection, SocketSeen now) {
        boolean gainedInode = connection.latest.inode() == 0 && now.inode() != 0;
        connection.saw(now);
        if (now.state() == SocketState.CLOSED) {
            connections.remove(now.key());
            if (waiting.remove(now.key()) != null) {
                fold(connection);
            }
            end(connection);
            return;
        }
        if (gainedInode && connection.flow == null) {
            owners.want(now.inode());
        }
        if (connection.flow != null) {
            grow(connection, connection.flow);
        }
    }

    /** Ends a poll: folds the connections whose owner is known by now, or was waited for long enough. */
    public void endPoll() {
        waiting.values().removeIf(connection -> {
            connection.waitedPolls++;
            boolean asking = connection.latest.state() == SocketState.CONNECTING;
            boolean ready = !asking && (isSettled(connection) || connection.waitedPolls >= OWNER_POLLS_MAX);
            if (ready) {
                fold(connection);
            }
            return ready;
        });
        for (Listeners.Held held : listeners.all()) {
            settle(held);
        }
    }

    private boolean isSettled(Connection connection) {
        boolean silentUdp = connection.first.transport() == Transport.UDP && connection.latest.polls() < 2;
        long inode = connection.latest.inode();
        return !silentUdp && inode != 0 && (owners.ownerOf(inode).isPresent() || owners.gaveUp(inode));
    }

    private void settle(Listeners.Held held) {
        if (!held.closed) {
            held.lastSeenMillis = nowMillis;
        }
        if (!held.ownerSettled) {
            held.owner = owners.ownerOf(held.socket.inode()).orElse(null);
            held.ownerSettled = held.owner != null || held.closed || owners.gaveUp(held.socket.inode());
        }
    }

    /** Counts a connection in its flow. */
    private void fold(Connection connection) {
        Owner owner = owner(connection);
        boolean established = connection.isEstablished();
        RoleFound role = connection.role.evidence().isEmpty() ? roles.of(connection.latest) : connection.role;
        FlowCounts flow = flow(connection, role.role(), owner == null ? null : owner.program(), established);
        if (flow == null) {
            dropped++;
            connections.remove(connection.first.key());
            return;
        }
        folded++;
        if (owner == null) {
            unknownOwner++;
        }
        connection.flow = flow;
        connection.process = owner == null ? null : owner.process();
        MinuteCounts counts = flow.minute();
        flow.proved(role.evidence());
        counts.process(connection.process);
        counts.touch(nowMillis);
        news |= !flow.isReported();
        if (!established) {
            counts.failed++;
            return;
        }
        counts.opened += connection.first.fromStart() ? 0 : 1;
        connection.countedOpen = true;
        flow.opened(connection.process);
        grow(connection, flow);
    }

    private void end(Connection connection) {
        owners.forget(connection.latest.inode());
        FlowCounts flow = connection.flow;
        if (flow == null) {
            return;
        }
        if (connection.countedOpen) {
            grow(connection, flow);
            flow.minute().closed++;
            flow.ended(connection.process);
        }
        flow.minute().touch(nowMillis);
    }

    private void grow(Connection connection, FlowCounts flow) {
        var now = connection.latest.counters();
        if (now != null) {
            flow.minute().grew(flow.flow.role(), now, connection.counted);
            connection.counted = now;
            flow.minute().touch(nowMillis);
        }
    }

    /** The holder of the socket; for the asked side of one too short to have a holder, the listener's. */
    private @Nullable Owner owner(Connection connection) {
        SocketSeen socket = connection.latest;
        Optional<Owner> holder = socket.inode() == 0 ? Optional.empty() : owners.ownerOf(socket.inode());
        if (holder.isEmpty() && connection.role.role() == Role.SERVER) {
            holder = listeners
                    .taking(socket.namespace(), socket.local(), socket.localPort(), socket.transport())
                    .flatMap(held -> Optional.ofNullable(held.owner));
        }
        return holder.orElse(null);
    }

    private @Nullable FlowCounts flow(
            Connection connection, Role role, @Nullable Program program, boolean established) {
        SocketSeen socket = connection.first.remotePort() != 0 ? connection.first : connection.latest;
        int port = role == Role.CLIENT ? socket.remotePort() : socket.localPort();
        if (!established) {
            String name = program == null ? null : program.name();
            port = attemptPorts.fold(name, socket.namespace(), socket.remote(), port);
        }
        Flow flow = new Flow(
                host, socket.namespace(), program, role, socket.local(), socket.remote(), port, socket.transport());
        FlowCounts known = flows.get(flow);
        if (known == null && flows.size() < limits.flowsMax()) {
            known = new FlowCounts(flow, minute, nowMillis);
            flows.put(flow, known);
        }
        return known;
    }

    /** Marks the time between two good polls as watched. */
    public void watched(long fromMillis, long toMillis, Rung rung, CaptureCounters counters) {
        coverage.watched(fromMillis, toMillis, rung);
        coverage.counted(minute, rung, counters, unknownOwner, dropped + droppedLater);
    }

    /** Counts facts that a later stage had to drop; they show in this host's coverage. */
    public void droppedLater(long facts) {
        droppedLater += facts;
    }

    /** Whether a flow appeared that was never flushed. */
    public boolean hasNews() {
        return news;
    }

    /** Everything that changed since the last flush, as absolute values; what is over is then forgotten. */
    public Folded flush() {
        List<FlowObservations> changed = new ArrayList<>();
        flows.values().removeIf(flow -> {
            FlowObservations observations = flow.flush();
            if (!observations.observations().isEmpty()) {
                changed.add(observations);
            }
            return flow.isOver();
        });
        news = false;
        return new Folded(changed, listeners.flush(host, ephemeral), coverage.flush(minute));
    }

    public FoldCounters counters() {
        return new FoldCounters(in, folded, dropped, waiting.size(), unknownOwner, connections.size(), flows.size());
    }
}
