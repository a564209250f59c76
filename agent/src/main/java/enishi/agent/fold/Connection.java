package enishi.agent.fold;

import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.ProcessId;
import enishi.model.Role;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;

/** One connection on its way into a flow. */
final class Connection {
    /** As first seen: who it is between, and whether it is older than the agent. */
    final SocketSeen first;

    final RoleFound role;
    SocketSeen latest;

    @Nullable TcpCounters counted;

    @Nullable FlowCounts flow;

    @Nullable ProcessId process;

    int waitedPolls;
    private boolean seenOpen;

    /** Whether its flow counts it among the open ones. */
    boolean countedOpen;

    Connection(SocketSeen first, RoleFound role) {
        this.first = first;
        this.latest = first;
        this.role = role;
        this.counted = first.fromStart() ? first.counters() : null;
        this.seenOpen = first.state() == SocketState.OPEN;
    }

    void saw(SocketSeen now) {
        latest = now;
        seenOpen |= now.state() == SocketState.OPEN;
    }

    /**
     * Whether it was ever established. UDP has no handshake: a peer is enough. On the asked side a socket is made when
     * the handshake is complete. A TCP client never seen open is judged by its counters.
     */
    boolean isEstablished() {
        TcpCounters counters = latest.counters();
        return seenOpen
                || first.transport() == Transport.UDP
                || role.role() == Role.SERVER
                || (counters != null && counters.established());
    }
}
