package enishi.agent.fold;

import enishi.agent.capture.Capture;
import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.CaptureSink;
import enishi.agent.capture.KernelCounts;
import enishi.agent.capture.OpenForgotten;
import enishi.agent.capture.SocketCounted;
import enishi.agent.capture.SocketGone;
import enishi.agent.capture.SocketHeld;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.TrackedForgotten;
import enishi.agent.capture.Translated;
import enishi.agent.process.Owner;
import enishi.agent.process.Owners;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sockets in, flows out. Follows every open connection of this host, waits a little for its owner and for proof of its
 * role, then counts it in its flow. Used by one thread.
 *
 * <p>Wall time only names the minute and never runs backwards here: when it does, the caller flushes and begins anew.
 */
public final class FlowTable implements CaptureSink {
    /** How many short connections wait for the end of a poll, when more is known; beyond, they are folded at once. */
    private static final int SHORTS_MAX = 20_000;

    private final HostId host;
    private final Owners owners;
    private final FoldLimits limits;
    private final Surroundings surroundings;
    private final Listeners listeners = new Listeners();
    private final Roles roles;
    private final Settling settling;
    private final AttemptPorts attemptPorts = new AttemptPorts();
    private final CoverageMinutes coverage = new CoverageMinutes();
    private final Flows flows;
    private final Connections connections;
    private final KernelFlows kernel;
    private final Translations translations;
    private long lastPollMillis;
    private long nowMillis;
    private long minute;
    private long folded;
    private long dropped;
    private long unknownOwner;
    private boolean news;

    public FlowTable(HostId host, Owners owners, Surroundings surroundings, FoldLimits limits) {
        this.host = host;
        this.owners = owners;
        this.limits = limits;
        this.surroundings = surroundings;
        this.roles = new Roles(listeners, surroundings);
        this.settling = new Settling(roles, owners);
        this.flows = new Flows(limits.flowsMax());
        this.kernel = new KernelFlows(host, owners, flows, attemptPorts);
        this.translations = new Translations(host, limits.translationsMax());
        this.connections = new Connections(limits.connectionsMax(), flows::whoever);
    }

    /** What follows names minutes anew that were told before, from this wall-clock time on. To be flushed before. */
    public void beginIncarnation(long wallMillis) {
        minute = Math.floorDiv(wallMillis, 60_000L);
        coverage.beginIncarnation();
        flows.begin(minute, wallMillis);
        translations.begin(minute, wallMillis);
    }

    /** Begins a poll: from now on counts land in this wall-clock minute. */
    public void beginPoll(long wallMillis) {
        lastPollMillis = nowMillis;
        nowMillis = wallMillis;
        long next = Math.floorDiv(wallMillis, 60_000L);
        if (next != minute) {
            minute = next;
            flows.roll(next, wallMillis);
            translations.roll(next, wallMillis);
            listeners.prune(wallMillis);
        }
    }

    @Override
    public boolean take(Capture capture) {
        switch (capture) {
            case SocketSeen socket -> {
                return seen(socket);
            }
            case SocketCounted counted -> counted(counted);
            case SocketGone gone -> gone(gone);
            case SocketHeld held -> kernel.held(held);
            case KernelCounts counts -> news |= kernel.take(counts, minute, nowMillis);
            case OpenForgotten forgotten -> kernel.forgetOpen(forgotten.transports());
            case Translated told -> news |= translations.take(told, minute, nowMillis);
            case TrackedForgotten forgotten -> translations.forgetTracked(forgotten.namespace());
        }
        return true;
    }

    private boolean seen(SocketSeen socket) {
        return switch (socket.state()) {
            case LISTENING, UNCONNECTED -> listener(socket);
            case CLOSED -> goneUnseen(socket);
            case CONNECTING, ACCEPTING, OPEN -> connection(socket);
        };
    }

    private boolean listener(SocketSeen socket) {
        if (listeners.size() >= limits.listenersMax()
                && listeners.byKey(socket.key()).isEmpty()) {
            return connections.refuse();
        }
        owners.want(socket.inode());
        listeners.open(socket);
        return true;
    }

    private boolean goneUnseen(SocketSeen socket) {
        if (socket.remote().isWildcard()) {
            listeners.goneUnseen(socket, nowMillis);
            return true;
        }
        connections.addShort(new Connection(socket, lastPollMillis));
        if (connections.shorts() >= SHORTS_MAX) {
            connections.settle(this::foldIfGone);
        }
        return true;
    }

    private boolean connection(SocketSeen socket) {
        Connection known = connections.get(socket.key());
        if (known == null) {
            boolean follows = connections.follow(new Connection(socket, lastPollMillis), this::flowOfAnyone);
            if (follows) {
                want(socket);
            }
            return follows;
        }
        if (known.socket != null) {
            known.saw(socket, lastPollMillis);
            want(socket);
        }
        return true;
    }

    private void want(SocketSeen socket) {
        if (socket.inode() != 0) {
            owners.want(socket.inode());
        }
    }

    private void counted(SocketCounted counted) {
        Connection known = connections.get(counted.key());
        if (known != null) {
            known.counts(counted.counters(), nowMillis);
        }
    }

    private void gone(SocketGone gone) {
        listeners.byKey(gone.key()).ifPresent(this::endListener);
        Connection known = connections.remove(gone.key());
        if (known != null) {
            if (gone.counters() != null) {
                known.counts(gone.counters(), nowMillis);
            }
            known.gone = true;
            known.end(nowMillis);
        }
    }

    private void endListener(Listeners.Held held) {
        held.closed = true;
        held.lastSeenMillis = nowMillis;
        owners.forget(held.socket.inode());
    }

    /** Ends a poll: folds the connections about which all is known by now, or that have waited long enough. */
    public void endPoll() {
        listeners.settle(owners, nowMillis);
        connections.settle(this::foldIfSettled);
        connections.endPoll();
    }

    private boolean foldIfSettled(Connection connection) {
        connection.waitedPolls++;
        SocketSeen socket = connection.socket;
        if (socket != null && settling.isSettled(connection, socket)) {
            foldNow(connection, socket);
        }
        return connection.socket == null;
    }

    private boolean foldIfGone(Connection connection) {
        if (connection.gone && connection.socket != null) {
            foldNow(connection, connection.socket);
        }
        return connection.socket == null;
    }

    private void foldNow(Connection connection, SocketSeen socket) {
        fold(connection, socket);
        owners.forget(socket.inode());
        if (connection.gone) {
            connection.end(nowMillis);
        }
    }

    /** Whether the next poll should tell counters, so that an ambiguous role may be proved. */
    public boolean wantsCounters() {
        return connections.anyWaiting(each -> each.socket != null && settling.needsProof(each, each.socket));
    }

    /** Counts a connection in its flow. */
    private void fold(Connection connection, SocketSeen socket) {
        RoleFound role = roles.of(connection, socket);
        if (role.role() == Role.CLIENT) {
            roles.askedHere(socket).ifPresent(held -> held.isAsked = true);
        }
        Owner owner = listeners.owner(owners, socket, role.role());
        Flow flow = flow(connection, socket, owner == null ? null : owner.program());
        Optional<FlowCounts> room = flows.of(flow, minute, nowMillis);
        if (room.isEmpty()) {
            dropped++;
            connections.remove(connection.key);
            connection.socket = null;
            return;
        }
        folded++;
        unknownOwner += owner == null ? 1 : 0;
        news |= !room.get().isReported();
        connection.fold(room.get(), role, owner, nowMillis);
    }

    private Flow flow(Connection connection, SocketSeen socket, @Nullable Program program) {
        Role role = roles.of(connection, socket).role();
        int port = role == Role.CLIENT ? socket.remotePort() : socket.localPort();
        if (!connection.isEstablished(role, socket.transport())) {
            String name = program == null ? null : program.name();
            port = attemptPorts.fold(name, socket.namespace(), socket.remote(), port);
        }
        return socket.flow(host, program, role, port);
    }

    private Flow flowOfAnyone(Connection waiting) {
        return flow(waiting, Objects.requireNonNull(waiting.socket, "it is not folded yet"), null);
    }

    /**
     * Claims the seconds that this poll, having succeeded, completes.
     *
     * @param endedMillis when it had been read, wall clock
     * @param deliveredMillis every connection opened before is delivered, wall clock
     */
    public void watched(long endedMillis, Rung rung, CaptureCounters counters, long deliveredMillis) {
        long counted = Math.min(connections.countedMillis(), deliveredMillis);
        coverage.watched(new CoverageMinutes.Poll(nowMillis, endedMillis), counted, rung);
        coverage.counted(
                minute,
                rung,
                counters,
                unknownOwner + kernel.unknownOwner(),
                dropped + kernel.dropped() + translations.dropped() + connections.unfollowed());
    }

    /** Whether a flow appeared that was never flushed. */
    public boolean hasNews() {
        return news;
    }

    /** Everything that changed since the last flush, as absolute values; what is over is then forgotten. */
    public Folded flush() {
        news = false;
        return new Folded(
                flows.flush(),
                listeners.flush(host, surroundings.ephemeral()),
                coverage.flush(minute),
                translations.flush());
    }

    public FoldCounters counters() {
        return new FoldCounters(
                connections.in() + kernel.in(),
                folded + kernel.folded(),
                dropped + kernel.dropped(),
                connections.unfollowed(),
                connections.waiting(),
                unknownOwner + kernel.unknownOwner(),
                connections.open() + kernel.open(),
                flows.size(),
                translations.dropped());
    }
}
