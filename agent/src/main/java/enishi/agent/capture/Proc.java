package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.HostAddress;
import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rung {@code proc}: {@code /proc/net} of every namespace read at each poll, where netlink is refused. There are no
 * counters, and what opens and closes between two reads is missed.
 */
public final class Proc implements CaptureRung {
    private static final int ADDRESSES_EVERY_POLLS = 60;

    /** File name to transport. */
    private static final Map<String, Transport> FILES = Map.of(
            "net/tcp", Transport.TCP,
            "net/tcp6", Transport.TCP,
            "net/udp", Transport.UDP,
            "net/udp6", Transport.UDP);

    private final Path proc;
    private final InstantSource clock;
    private final NamespaceScan scan;
    private final PortRange ephemeralPorts;
    private final SocketDiff diff;
    private List<HostAddress> addresses = List.of();
    private long polls;
    private long failedPolls;
    private long unreadable;

    Proc(Path proc, InstantSource clock) {
        this.proc = proc;
        this.clock = clock;
        this.scan = new NamespaceScan(proc);
        this.ephemeralPorts = PortRange.ofThisThread(proc);
        this.diff = new SocketDiff();
    }

    @Override
    public Rung rung() {
        return Rung.PROC;
    }

    @Override
    public void poll(CaptureSink sink, boolean counters) throws CaptureException {
        long nowMillis = clock.millis();
        try {
            if (polls % ADDRESSES_EVERY_POLLS == 0) {
                addresses = ownAddresses();
            }
            diff.beginDump(sink);
            long own = scan.own();
            List<SocketSeen> withPeer = new ArrayList<>();
            read(0, proc.resolve("self"), nowMillis, withPeer);
            for (Map.Entry<Long, Path> other : scan.all().entrySet()) {
                if (other.getKey() != own) {
                    read(other.getKey(), other.getValue(), nowMillis, withPeer);
                }
            }
            withPeer.forEach(this::deliver);
            diff.endAbsent();
            polls++;
        } catch (IOException e) {
            failedPolls++;
            throw new CaptureException("reading sockets from /proc/net failed, will try again: " + e.getMessage(), e);
        }
    }

    private void read(long namespace, Path process, long nowMillis, List<SocketSeen> withPeer) throws IOException {
        for (Map.Entry<String, Transport> file : FILES.entrySet()) {
            try (Stream<String> lines = Files.lines(process.resolve(file.getKey()))) {
                lines.flatMap(line -> ProcNet.parse(file.getValue(), line).stream())
                        .map(line -> seen(namespace, line, nowMillis))
                        .forEach(each -> {
                            if (each.state() == SocketState.OPEN) {
                                withPeer.add(each);
                            } else if (each.state() != SocketState.CLOSED) {
                                deliver(each);
                            }
                        });
            } catch (NoSuchFileException e) {
                unreadable++; // the process ended meanwhile, or the kernel has no IPv6
            }
        }
    }

    private void deliver(SocketSeen now) {
        if (now.state() == SocketState.UNCONNECTED) {
            diff.unseenPeer();
        }
        long peer =
                now.remote().hashCode() * 0x9E37_79B9_7F4A_7C15L + ((long) now.localPort() << 16 | now.remotePort());
        long face = SocketDiff.face(now.state(), peer * 0x9E37_79B9_7F4A_7C15L, now.inode() != 0);
        if (diff.same(now.key(), face) == SocketTable.NONE) {
            diff.changed(now.withPolls(diff.polls(now.key(), face)), face);
        }
    }

    private SocketSeen seen(long namespace, ProcNet line, long nowMillis) {
        return new SocketSeen(
                line.key(namespace),
                namespace,
                line.transport(),
                state(line),
                line.local(),
                line.localPort(),
                line.remote(),
                line.remotePort(),
                false,
                line.inode(),
                0,
                null,
                polls == 0,
                0,
                nowMillis);
    }

    private static SocketState state(ProcNet line) {
        if (line.transport() == Transport.UDP) {
            return line.remotePort() == 0 ? SocketState.UNCONNECTED : SocketState.OPEN;
        }
        return switch (line.state()) {
            case 2 -> SocketState.CONNECTING;
            case 3, 12 -> SocketState.ACCEPTING;
            case 6, 7 -> SocketState.CLOSED;
            case 10 -> SocketState.LISTENING;
            default -> SocketState.OPEN;
        };
    }

    private static List<HostAddress> ownAddresses() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                .map(InetAddress::getAddress)
                .map(bytes -> new HostAddress(0, Address.of(bytes)))
                .toList();
    }

    @Override
    public CaptureCounters counters() {
        return new CaptureCounters(diff.seen(), 0, failedPolls, diff.unseenPeers(), diff.unseenPeersGone(), 0);
    }

    @Override
    public List<HostAddress> addresses() {
        return addresses;
    }

    /** Those of the agent's own namespace: on this rung no other is entered. */
    @Override
    public PortRange ephemeralPorts(long namespace) {
        return ephemeralPorts;
    }

    @Override
    public long deliveredMillis() {
        return Long.MAX_VALUE;
    }

    @Override
    public List<String> limits() {
        return List.of(
                "Connections that open and close between two polls are missed on this rung, and bytes are unknown.",
                "Whom a UDP socket without a peer of its own talks to is unseen on this rung, and so are unix sockets.",
                "What this host translates (NAT) is not seen through on this rung.",
                unreadable + " files of other network namespaces could not be read since the start.");
    }

    @Override
    public String unix() {
        return "unseen: /proc/net/unix does not tell who is connected to whom";
    }

    @Override
    public String nat() {
        return "unseen: this rung asks the kernel nothing";
    }

    @Override
    public void close() {
        // nothing is held open between polls
    }
}
