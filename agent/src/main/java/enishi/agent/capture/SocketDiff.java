package enishi.agent.capture;

import enishi.model.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two polls. A rung feeds it every socket of each dump and every notice of a closed socket; it
 * hands on what is new, changed or gone. A socket that the sink does not follow is not remembered.
 *
 * <p>A socket is compared by its <em>face</em>: a digest of its state, its peer and whether it has an inode.
 */
final class SocketDiff {
    /** Set in the face of a UDP socket with a peer that one dump has shown. */
    private static final long ONCE = 1L << 4;

    private static final long STATE = 0b111;
    private static final long INODE = 1L << 3;
    private static final long SMALL = 0b11111;
    private final SocketTable table = new SocketTable();
    private CaptureSink sink = capture -> true;
    private int dump;
    private long seen;
    private long unseenPeers;
    private long unseenPeersGone;

    long seen() {
        return seen;
    }

    /** UDP sockets without a peer that the last dump showed. */
    long unseenPeers() {
        return unseenPeers;
    }

    /** UDP sockets without a peer that ended before any dump showed them; one that was never bound sent nothing. */
    long unseenPeersGone() {
        return unseenPeersGone;
    }

    /** Begins a poll whose findings go to this sink. */
    void beginDump(CaptureSink into) {
        sink = into;
        dump++;
        unseenPeers = 0;
    }

    /** What a socket looks like; two faces differ where anything worth telling has changed. */
    static long face(SocketState state, long peerDigest, boolean hasInode) {
        return (peerDigest & ~SMALL) | state.code | (hasInode ? INODE : 0);
    }

    /**
     * Whether this dump shows a socket as the one before did, in which case there is nothing to tell.
     *
     * @return the slot of the socket, or {@link SocketTable#NONE} if it must be told of
     */
    int same(long key, long face) {
        int slot = table.slot(key);
        if (slot == SocketTable.NONE || table.face(slot) != face) {
            return SocketTable.NONE;
        }
        table.shown(slot, dump);
        return slot;
    }

    /** Counts a UDP socket of this dump that has no peer. */
    void unseenPeer() {
        unseenPeers++;
    }

    /** Whether these counters differ from those last told. */
    boolean hasCounted(int slot, long digest) {
        boolean differs = table.counters(slot) != digest;
        table.counters(slot, digest);
        return differs;
    }

    void counted(long key, TcpCounters counters) {
        sink.take(new SocketCounted(key, counters));
    }

    /** How many dumps will have shown a socket with this one: 1, or 2 for two and more. */
    int polls(long key, long face) {
        int slot = table.slot(key);
        return slot == SocketTable.NONE || isAnother(table.face(slot), face) ? 1 : 2;
    }

    /**
     * A socket of this dump that is new or has changed.
     *
     * @param face what {@link #face} gave for it
     */
    void changed(SocketSeen now, long face) {
        int slot = table.slot(now.key());
        if (slot != SocketTable.NONE && isAnother(table.face(slot), face)) {
            gone(now.key(), null);
            slot = SocketTable.NONE;
        }
        boolean once = slot == SocketTable.NONE && now.transport() == Transport.UDP && now.state() == SocketState.OPEN;
        if (!sink.take(now)) {
            return;
        }
        long kept = once ? face | ONCE : face;
        if (slot == SocketTable.NONE) {
            seen++;
            table.add(now.key(), kept, dump, (int) now.namespace());
        } else {
            table.face(slot, kept);
            table.shown(slot, dump);
        }
    }

    /** The same kernel socket with another peer: a UDP socket connected in turn to several is several connections. */
    private static boolean isAnother(long before, long now) {
        long state = before & STATE;
        boolean hadPeer = state != SocketState.UNCONNECTED.code && state != SocketState.LISTENING.code;
        return hadPeer && (before & ~SMALL) != (now & ~SMALL);
    }

    /**
     * A notice that a socket is gone.
     *
     * @param now what the notice says, should no dump have shown the socket
     */
    void gone(SocketSeen now) {
        if (table.slot(now.key()) != SocketTable.NONE) {
            gone(now.key(), now.counters());
        } else if (isWorthTelling(now)) {
            seen++;
            sink.take(now);
        } else if (now.transport() == Transport.UDP && now.localPort() != 0) {
            unseenPeersGone++;
        }
    }

    /**
     * A connection; an attempt, whose remote port the kernel may have wiped; or a TCP socket with a port that never had
     * a peer, which may have been a listener.
     */
    private static boolean isWorthTelling(SocketSeen now) {
        boolean hasPeer = !now.remote().isWildcard();
        return now.transport() == Transport.TCP ? hasPeer || now.localPort() != 0 : hasPeer && now.remotePort() != 0;
    }

    /** Ends every socket that neither this dump nor the one before it showed. */
    void endAbsent() {
        List<Long> absent = new ArrayList<>();
        table.unseenSince(dump - 1, absent::add);
        absent.forEach(key -> gone(key, null));
    }

    /** Ends every socket of a namespace that is no more. */
    void endNamespace(long namespace) {
        List<Long> there = new ArrayList<>();
        table.of((int) namespace, there::add);
        there.forEach(key -> gone(key, null));
    }

    private void gone(long key, @Nullable TcpCounters counters) {
        table.remove(key);
        sink.take(new SocketGone(key, counters));
    }
}
