package enishi.agent.fold;

import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.agent.process.Owner;
import enishi.model.ProcessId;
import enishi.model.Role;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;

/** One connection: on its way into a flow, then counted in it. There may be a hundred thousand, so it is small. */
final class Connection {
    final long key;
    final boolean fromStart;

    /** Whether its beginning and its end are counted by others. */
    private final boolean told;

    /** The socket as last seen; null once folded. */
    @Nullable SocketSeen socket;

    /** What the order of events proved: that it was seen asking, or being asked. */
    @Nullable RoleFound witnessed;

    /** As last told. */
    @Nullable TcpCounters counters;

    /** Up to where its flow has counted. */
    private @Nullable TcpCounters counted;

    private @Nullable FlowCounts flow;
    private @Nullable ProcessId process;

    /** The last poll that did not show it open: it was opened later, wall clock. While it is asking, never. */
    long openedAfterMillis = Long.MAX_VALUE;

    int waitedPolls;
    boolean gone;
    private boolean seenOpen;
    private boolean countedOpen;

    /**
     * Begins with the socket as first seen.
     *
     * @param lastPollMillis when the poll before was, wall clock
     */
    Connection(SocketSeen first, long lastPollMillis) {
        key = first.key();
        fromStart = first.fromStart();
        told = first.unix() != null && first.unix().told();
        counted = first.fromStart() ? first.counters() : null;
        gone = first.state() == SocketState.CLOSED;
        saw(first, lastPollMillis);
    }

    /** Takes note of the socket as it is now, while it is not folded. */
    void saw(SocketSeen now, long lastPollMillis) {
        socket = now;
        if (now.state() != SocketState.CONNECTING) {
            openedAfterMillis = Math.min(openedAfterMillis, lastPollMillis);
        }
        seenOpen |= now.state() == SocketState.OPEN;
        if (now.counters() != null) {
            counters = now.counters();
        }
        if (witnessed == null) {
            witnessed = RoleFound.witnessed(now.state());
        }
    }

    /** What its counters say now, counted in its flow if it is folded. */
    void counts(TcpCounters now, long nowMillis) {
        counters = now;
        if (flow != null) {
            grow(flow, nowMillis);
        }
    }

    /** Counts it in its flow; from then on the flow knows what the socket told, and the socket is forgotten. */
    void fold(FlowCounts into, RoleFound role, @Nullable Owner owner, long nowMillis) {
        flow = into;
        process = owner == null ? null : owner.process();
        into.proved(role.evidence());
        into.minute().process(process);
        into.minute().touch(nowMillis);
        if (isEstablished(role.role(), into.flow.transport())) {
            into.minute().opened += fromStart ? 0 : 1;
            countedOpen = true;
            into.opened(process);
            grow(into, nowMillis);
        } else {
            into.minute().failed++;
        }
        socket = null;
    }

    /** Counts its end. */
    void end(long nowMillis) {
        FlowCounts in = flow;
        if (in == null) {
            return;
        }
        grow(in, nowMillis);
        if (countedOpen) {
            in.minute().closed += told ? 0 : 1;
            in.ended(process);
        }
        in.minute().touch(nowMillis);
    }

    private void grow(FlowCounts in, long nowMillis) {
        TcpCounters now = counters;
        if (now != null && countedOpen) {
            in.minute().grew(in.flow.role(), now, counted);
            counted = now;
            in.minute().touch(nowMillis);
        }
    }

    /**
     * Whether it was ever established. UDP has no handshake: a peer is enough. On the asked side a socket is made when
     * the handshake is complete. A TCP client never seen open is judged by its counters.
     */
    boolean isEstablished(Role role, Transport transport) {
        return seenOpen
                || transport == Transport.UDP
                || role == Role.SERVER
                || (counters != null && counters.established());
    }
}
