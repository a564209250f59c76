package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two polls. A rung feeds it every socket of each dump and every notice of a closed socket; it
 * hands on what is new, changed or gone: {@code delivered = first seen + changes + ends}.
 */
final class SocketDiff {
    private final SocketTable table = new SocketTable();
    private final Consumer<? super Capture> sink;
    private int dump;
    private long seen;
    private long unseenPeers;

    SocketDiff(Consumer<? super Capture> sink) {
        this.sink = sink;
    }

    long seen() {
        return seen;
    }

    long unseenPeers() {
        return unseenPeers;
    }

    void beginDump() {
        dump++;
        unseenPeers = 0;
    }

    SocketTable.@Nullable Known known(long key) {
        return table.get(key);
    }

    /** A socket of this dump that is known and has not changed. */
    void same(SocketTable.Known known) {
        known.dump = dump;
        known.polls++;
        if (known.last.state() == SocketState.UNCONNECTED) {
            unseenPeers++;
        }
        if (known.polls == 2 && known.last.transport() == Transport.UDP) {
            known.last = known.last.withPolls(2);
            sink.accept(known.last);
        }
    }

    /** A socket of this dump that is new or has changed. */
    void changed(SocketTable.@Nullable Known before, SocketSeen now) {
        SocketTable.Known known = before;
        if (known != null && isAnother(known.last, now)) {
            close(known.last, now.seenAtMillis(), null);
            known = null;
        }
        if (known == null) {
            known = new SocketTable.Known(now);
            table.add(now.key(), known);
            seen++;
        }
        known.dump = dump;
        known.polls++;
        known.last = now.withPolls(known.polls);
        if (now.state() == SocketState.UNCONNECTED) {
            unseenPeers++;
        }
        sink.accept(known.last);
    }

    /** The same kernel socket with another peer: a UDP socket connected in turn to several is several connections. */
    private static boolean isAnother(SocketSeen before, SocketSeen now) {
        boolean hadPeer = before.state() != SocketState.UNCONNECTED && before.state() != SocketState.LISTENING;
        return hadPeer
                && (before.remotePort() != now.remotePort() || !before.remote().equals(now.remote()));
    }

    /**
     * A notice that a socket is gone.
     *
     * @param now what the notice says, for a socket no dump has shown
     */
    void gone(SocketSeen now) {
        SocketTable.Known known = table.get(now.key());
        if (known == null) {
            if (now.remotePort() != 0 && isPeer(now.remote())) {
                seen++;
                sink.accept(now);
            }
        } else {
            close(known.last, now.seenAtMillis(), now.counters());
        }
    }

    private static boolean isPeer(Address remote) {
        return !remote.isWildcard();
    }

    /** Ends every socket that neither this dump nor the one before it showed. */
    void endAbsent(long nowMillis) {
        List<SocketSeen> absent = new ArrayList<>();
        table.forEach(known -> {
            if (known.dump < dump - 1) {
                absent.add(known.last);
            }
        });
        absent.forEach(last -> close(last, nowMillis, null));
    }

    /** Ends every socket of a namespace that is no more. */
    void endNamespace(long namespace, long nowMillis) {
        List<SocketSeen> there = new ArrayList<>();
        table.forEach(known -> {
            if (known.last.namespace() == namespace) {
                there.add(known.last);
            }
        });
        there.forEach(last -> close(last, nowMillis, null));
    }

    private void close(SocketSeen last, long nowMillis, @Nullable TcpCounters counters) {
        table.remove(last.key());
        sink.accept(last.closed(nowMillis, counters));
    }
}
