package enishi.agent.capture;

import enishi.agent.kernel.DiagSocket;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.SockDiagSockets;
import enishi.agent.kernel.SockDiagSockets.Notices;
import enishi.model.HostAddress;
import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

    private final InstantSource clock;
    private final Namespaces namespaces;
    private final SocketDiff diff = new SocketDiff();
    private boolean noticesClosed = true;
    private boolean overflowed;
    private long polls;
    private long failedPolls;
    private long lost;

    private final Reach reach;
    private final UnixWatch unix;

    /** What is read. */
    enum Reach {
        /** Every socket, and the notice of every end. */
        ALL(Notices.ALL),
        /** Listeners, for a rung to which the kernel tells all connections. */
        LISTENERS(Notices.NONE),
        /** Listeners of TCP and all of UDP, for one to which it tells those of TCP. */
        LISTENERS_AND_UDP(Notices.UDP);

        private final Notices notices;

        Reach(Notices notices) {
            this.notices = notices;
        }
    }

    private SockDiag(InstantSource clock, Namespaces namespaces, Reach reach, Path proc) {
        this.clock = clock;
        this.namespaces = namespaces;
        this.reach = reach;
        unix = new UnixWatch(new UnixWatch.Way(null, "this rung has no programs in the kernel"), namespaces, proc);
    }

    /** Opens the agent's own namespace; the others follow at the first poll. */
    static SockDiag open(Path proc, InstantSource clock, Reach reach) throws IOException, KernelException {
        return new SockDiag(clock, new Namespaces(proc, reach.notices), reach, proc);
    }

    Namespaces namespaces() {
        return namespaces;
    }

    @Override
    public Rung rung() {
        return Rung.SOCK_DIAG;
    }

    @Override
    public void poll(CaptureSink sink, boolean counters) throws CaptureException {
        long nowMillis = clock.millis();
        boolean first = polls == 0;
        try {
            diff.beginDump(sink);
            boolean isNew = polls % NAMESPACES_EVERY_POLLS == 0 && namespaces.refresh(first, diff::endNamespace);
            if (isNew || polls % ADDRESSES_EVERY_POLLS == 0) {
                namespaces.refreshAddresses();
            }
            noticesClosed = true;
            boolean counting = counters || polls % COUNTERS_EVERY_POLLS == 0;
            for (WatchedNamespace each : namespaces.watched()) {
                boolean fromStart = first && each.which().fromStart();
                read(each.sockets(), new Sighting(each.which().number(), fromStart, counting, nowMillis));
            }
            finish();
            if (reach == Reach.ALL) {
                unix.poll(sink, nowMillis);
                namespaces.nat().poll(sink, nowMillis);
            }
            polls++;
        } catch (KernelException | IOException e) {
            failedPolls++;
            throw new CaptureException("reading sockets by sock_diag failed, will try again: " + e.getMessage(), e);
        }
    }

    /** Where and when sockets are being seen, whether they are older than the agent, and whether counters are read. */
    private record Sighting(long namespace, boolean fromStart, boolean counting, long atMillis) {}

    /** UDP first: its unconnected sockets are the listeners of the connected ones. */
    private void read(SockDiagSockets sockets, Sighting sighting) throws KernelException {
        List<Later> withPeer = new ArrayList<>();
        sockets.udp(each -> udp(sighting, each, withPeer));
        if (reach == Reach.ALL) {
            sockets.tcp(sighting.counting(), each -> tcp(sighting, each));
        } else {
            sockets.tcpListeners(each -> tcp(sighting, each));
        }
        withPeer.forEach(each -> diff.changed(each.socket(), each.face()));
        noticesClosed &= sockets.noticesClosed();
        overflowed |= sockets.closed(each -> closed(sighting, each));
    }

    /** A socket to be told of when all listeners are known. */
    private record Later(SocketSeen socket, long face) {}

    private void udp(Sighting sighting, DiagSocket socket, List<Later> withPeer) {
        boolean hasPeer = socket.remotePort() != 0;
        if (hasPeer && reach == Reach.LISTENERS) {
            return;
        }
        SocketState state = hasPeer ? SocketState.OPEN : SocketState.UNCONNECTED;
        if (!hasPeer) {
            diff.unseenPeer();
        }
        long key = key(sighting, socket);
        long face = SocketDiff.face(state, socket.peerDigest(), socket.inode() != 0);
        if (diff.same(key, face) == SocketTable.NONE) {
            SocketSeen now = seen(sighting, new Kind(Transport.UDP, state, diff.polls(key, face)), socket);
            if (hasPeer) {
                withPeer.add(new Later(now, face));
            } else {
                diff.changed(now, face);
            }
        }
    }

    /** The hot path: of a hundred thousand sockets, nearly all are as they were a second ago. */
    private void tcp(Sighting sighting, DiagSocket socket) {
        SocketState state = state(socket.state());
        if (state == SocketState.CLOSED) {
            return; // being torn down; its notice follows
        }
        long key = key(sighting, socket);
        long face = SocketDiff.face(state, socket.peerDigest(), socket.inode() != 0);
        int slot = diff.same(key, face);
        if (slot == SocketTable.NONE) {
            Kind kind = new Kind(Transport.TCP, state, diff.polls(key, face));
            diff.changed(seen(sighting, kind, socket), face);
        } else if (sighting.counting() && state == SocketState.OPEN && socket.hasInfo()) {
            count(slot, key, socket);
        }
    }

    /** Cookies are unique over all namespaces since Linux 5.10 only; before, each namespace counts its own. */
    private static long key(Sighting sighting, DiagSocket socket) {
        return socket.cookie() ^ sighting.namespace() << 32;
    }

    private void count(int slot, long key, DiagSocket socket) {
        long proved = socket.opener() == null ? 1 : 2;
        long digest = (socket.sentBytes() * 31 + socket.receivedBytes()) << 2 | proved;
        TcpCounters now = diff.hasCounted(slot, digest) ? counters(socket) : null;
        if (now != null) {
            diff.counted(key, now);
        }
    }

    private static SocketState state(int tcpState) {
        return switch (tcpState) {
            case 2 -> SocketState.CONNECTING;
            case 3, 12 -> SocketState.ACCEPTING;
            case 7 -> SocketState.CLOSED;
            case 10 -> SocketState.LISTENING;
            default -> SocketState.OPEN;
        };
    }

    private void closed(Sighting sighting, DiagSocket socket) {
        Transport transport = socket.isUdp() ? Transport.UDP : Transport.TCP;
        Sighting notice = new Sighting(sighting.namespace(), sighting.fromStart(), true, sighting.atMillis());
        diff.gone(seen(notice, new Kind(transport, SocketState.CLOSED, 0), socket));
    }

    /** What is known of a socket beside what the kernel's message holds. */
    private record Kind(Transport transport, SocketState state, int polls) {}

    private static SocketSeen seen(Sighting sighting, Kind kind, DiagSocket socket) {
        return new SocketSeen(
                key(sighting, socket),
                sighting.namespace(),
                kind.transport(),
                kind.state(),
                socket.local(),
                socket.localPort(),
                socket.remote(),
                socket.remotePort(),
                socket.v6Only(),
                socket.inode(),
                socket.cgroup(),
                counters(socket),
                sighting.fromStart(),
                kind.polls(),
                sighting.atMillis());
    }

    private static @Nullable TcpCounters counters(DiagSocket socket) {
        return socket.hasInfo()
                ? new TcpCounters(
                        socket.sentBytes(),
                        socket.receivedBytes(),
                        socket.rttMicros(),
                        socket.retransmits(),
                        socket.established(),
                        socket.opener())
                : null;
    }

    /** Where the kernel tells of every end, absence proves nothing: a socket may linger unhashed until it is closed. */
    private void finish() throws KernelException {
        if (overflowed) {
            lost = namespaces.drops();
        }
        if (!noticesClosed || overflowed) {
            diff.endAbsent();
        }
        overflowed = false;
    }

    @Override
    public CaptureCounters counters() {
        return new CaptureCounters(
                diff.seen() + unix.seen(),
                lost + namespaces.nat().lost(),
                failedPolls,
                diff.unseenPeers(),
                diff.unseenPeersGone(),
                0);
    }

    @Override
    public List<HostAddress> addresses() {
        return namespaces.addresses();
    }

    @Override
    public PortRange ephemeralPorts(long namespace) {
        return namespaces.ephemeralPorts(namespace);
    }

    @Override
    public long deliveredMillis() {
        return Long.MAX_VALUE;
    }

    @Override
    public List<String> limits() {
        List<String> limits = new ArrayList<>();
        limits.add("The client process of a connection shorter than a second is unknown on this rung; it is counted.");
        limits.add("Whom a UDP socket without a peer of its own talks to is unseen on this rung.");
        limits.addAll(unix.limits());
        limits.addAll(namespaces.nat().limits());
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
    public String unix() {
        return unix.account();
    }

    @Override
    public String nat() {
        return namespaces.nat().account();
    }

    @Override
    public void close() {
        namespaces.close();
    }
}
