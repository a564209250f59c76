package enishi.agent.capture;

import enishi.agent.kernel.DiagSocket;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.SockDiagSockets;
import enishi.model.HostAddress;
import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rung {@code sock_diag}: one netlink dump of every namespace at each poll, and the kernel's notice of every socket it
 * destroyed in between, with its final counters. A connection shorter than a poll is counted; who asked for it is not
 * known, because a notice names no inode.
 */
public final class SockDiag implements CaptureRung {
    private static final int COUNTERS_EVERY_POLLS = 12;
    private static final int NAMESPACES_EVERY_POLLS = 3;
    private static final int ADDRESSES_EVERY_POLLS = 60;

    private final Path proc;
    private final InstantSource clock;
    private final Namespaces namespaces;
    private final SocketDiff diff;
    private Consumer<? super Capture> sink = capture -> {};
    private boolean noticesClosed = true;
    private boolean overflowed;
    private long polls;
    private long failedPolls;
    private long lost;

    private SockDiag(Path proc, InstantSource clock, Namespaces namespaces) {
        this.proc = proc;
        this.clock = clock;
        this.namespaces = namespaces;
        this.diff = new SocketDiff(capture -> sink.accept(capture));
    }

    /** Opens the agent's own namespace; the others follow at the first poll. */
    static SockDiag open(Path proc, InstantSource clock) throws IOException, KernelException {
        return new SockDiag(proc, clock, new Namespaces(proc));
    }

    @Override
    public Rung rung() {
        return Rung.SOCK_DIAG;
    }

    @Override
    public void poll(Consumer<? super Capture> into) throws CaptureException {
        sink = into;
        long nowMillis = clock.millis();
        boolean first = polls == 0;
        try {
            if (polls % NAMESPACES_EVERY_POLLS == 0) {
                namespaces.refresh(first, left -> diff.endNamespace(left, nowMillis));
            }
            if (polls % ADDRESSES_EVERY_POLLS == 0) {
                namespaces.refreshAddresses();
            }
            diff.beginDump();
            noticesClosed = true;
            for (WatchedNamespace namespace : namespaces.watched()) {
                read(namespace, first, nowMillis);
            }
            finish(nowMillis);
            polls++;
        } catch (KernelException | IOException e) {
            failedPolls++;
            throw new CaptureException("reading sockets by sock_diag failed, will try again: " + e.getMessage(), e);
        }
    }

    /** UDP first: its unconnected sockets are the listeners of the connected ones. */
    private void read(WatchedNamespace namespace, boolean first, long nowMillis) throws KernelException {
        SockDiagSockets sockets = namespace.sockets();
        boolean counters = polls % COUNTERS_EVERY_POLLS == 0;
        boolean fromStart = first && namespace.fromStart();
        Sighting udp = new Sighting(namespace.number(), Transport.UDP, fromStart);
        Sighting tcp = new Sighting(namespace.number(), Transport.TCP, fromStart);
        List<SocketSeen> udpWithPeer = new ArrayList<>();
        sockets.udp(each -> dumped(udp, each, nowMillis, udpWithPeer::add));
        sockets.tcp(counters, each -> dumped(tcp, each, nowMillis, null));
        udpWithPeer.forEach(each -> diff.changed(diff.known(each.key()), each));
        noticesClosed &= sockets.noticesClosed();
        overflowed |= sockets.closed(each -> diff.gone(closed(namespace, each, nowMillis)));
    }

    /** Where and over what a socket is being seen, and whether it is older than the agent. */
    private record Sighting(long namespace, Transport transport, boolean fromStart) {
        Sighting as(boolean older) {
            return new Sighting(namespace, transport, older);
        }
    }

    private void dumped(Sighting sighting, DiagSocket socket, long nowMillis, @Nullable Consumer<SocketSeen> later) {
        SocketState state = state(socket, sighting.transport());
        if (state == SocketState.CLOSED) {
            return; // being torn down; its notice follows
        }
        SocketTable.Known known = diff.known(socket.cookie());
        if (known != null && isSame(known.last, socket, state)) {
            diff.same(known);
            return;
        }
        boolean fromStart = known == null ? sighting.fromStart() : known.last.fromStart();
        SocketSeen now = seen(sighting.as(fromStart), socket, state, nowMillis);
        if (later != null && state == SocketState.OPEN) {
            later.accept(now);
        } else {
            diff.changed(known, now);
        }
    }

    private static boolean isSame(SocketSeen last, DiagSocket socket, SocketState state) {
        return last.state() == state
                && (last.inode() != 0 || socket.inode() == 0)
                && (!socket.hasInfo() || state == SocketState.LISTENING || hasSameCounters(last, socket))
                && (state == SocketState.LISTENING || socket.isRemote(last.remote(), last.remotePort()));
    }

    private static boolean hasSameCounters(SocketSeen last, DiagSocket socket) {
        TcpCounters counters = last.counters();
        return counters != null
                && counters.sentBytes() == socket.sentBytes()
                && counters.receivedBytes() == socket.receivedBytes();
    }

    private static SocketState state(DiagSocket socket, Transport transport) {
        boolean peer = socket.remotePort() != 0;
        if (transport == Transport.UDP) {
            return peer ? SocketState.OPEN : SocketState.UNCONNECTED;
        }
        return switch (socket.state()) {
            case 2 -> SocketState.CONNECTING;
            case 3, 12 -> SocketState.ACCEPTING;
            case 7 -> SocketState.CLOSED;
            case 10 -> SocketState.LISTENING;
            default -> SocketState.OPEN;
        };
    }

    private static SocketSeen seen(Sighting sighting, DiagSocket socket, SocketState state, long nowMillis) {
        return new SocketSeen(
                socket.cookie(),
                sighting.namespace(),
                sighting.transport(),
                state,
                socket.local(),
                socket.localPort(),
                socket.remote(),
                socket.remotePort(),
                socket.v6Only(),
                socket.inode(),
                socket.cgroup(),
                counters(socket),
                sighting.fromStart(),
                0,
                nowMillis);
    }

    private SocketSeen closed(WatchedNamespace namespace, DiagSocket socket, long nowMillis) {
        Transport transport = socket.isUdp() ? Transport.UDP : Transport.TCP;
        return seen(new Sighting(namespace.number(), transport, false), socket, SocketState.CLOSED, nowMillis);
    }

    private static @Nullable TcpCounters counters(DiagSocket socket) {
        return socket.hasInfo()
                ? new TcpCounters(
                        socket.sentBytes(),
                        socket.receivedBytes(),
                        socket.rttMicros(),
                        socket.retransmits(),
                        socket.established())
                : null;
    }

    /** Where the kernel tells of every end, absence proves nothing: a socket may linger unhashed until it is closed. */
    private void finish(long nowMillis) throws IOException {
        if (overflowed) {
            lost = SockDiagSockets.drops(proc);
        }
        if (!noticesClosed || overflowed) {
            diff.endAbsent(nowMillis);
        }
        overflowed = false;
    }

    @Override
    public CaptureCounters counters() {
        return new CaptureCounters(diff.seen(), lost, failedPolls, diff.unseenPeers());
    }

    @Override
    public List<HostAddress> addresses() {
        return namespaces.addresses();
    }

    @Override
    public List<String> limits() {
        List<String> limits = new ArrayList<>();
        limits.add("The client process of a connection shorter than a second is unknown on this rung; it is counted.");
        limits.add("Whom a UDP socket without a peer of its own talks to is unseen on this rung.");
        if (!noticesClosed) {
            limits.add(
                    "Without CAP_NET_ADMIN the kernel does not tell of closed sockets: connections that open and close"
                            + " between two polls are missed. Run the agent as root to count them.");
        }
        if (namespaces.refused() > 0) {
            limits.add(namespaces.refused() + " network namespaces could not be entered: run the agent as root.");
        }
        return limits;
    }

    @Override
    public void close() {
        namespaces.close();
    }
}
