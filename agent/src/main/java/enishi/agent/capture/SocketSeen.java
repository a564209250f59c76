package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One socket as a rung saw it: delivered when it is first seen and when its state, peer or inode has changed. A socket
 * known only by the notice of its end is delivered once, as {@link SocketState#CLOSED}.
 *
 * @param key names the socket within this run of the agent, unique over all namespaces: its kernel cookie, or on the
 *     rung without cookies a number made from its addresses and inode
 * @param namespace network namespace: 0 for the one the agent runs in, else its inode number
 * @param local this end's address
 * @param localPort this end's port
 * @param remote the other end; a wildcard where there is none
 * @param remotePort 0 where there is none
 * @param v6Only whether a v6 socket leaves IPv4 alone
 * @param inode the socket's inode on sockfs, 0 where it has none (not accepted yet, destroy notice)
 * @param cgroup cgroup id, 0 where unknown
 * @param counters TCP counters, or null where not read this time or not TCP
 * @param fromStart seen by the first poll: older than this run of the agent
 * @param polls how many dumps have shown it so far: 1, or 2 for two and more; 0 if only the notice of its end did
 * @param seenAtMillis wall clock, milliseconds since the epoch
 * @param unix of a unix socket, whose addresses are both the key of the server's; else null
 */
public record SocketSeen(
        long key,
        long namespace,
        Transport transport,
        SocketState state,
        Address local,
        int localPort,
        Address remote,
        int remotePort,
        boolean v6Only,
        long inode,
        long cgroup,
        @Nullable TcpCounters counters,
        boolean fromStart,
        int polls,
        long seenAtMillis,
        @Nullable UnixEnd unix)
        implements Capture {

    /** A socket of the internet. */
    public SocketSeen(
            long key,
            long namespace,
            Transport transport,
            SocketState state,
            Address local,
            int localPort,
            Address remote,
            int remotePort,
            boolean v6Only,
            long inode,
            long cgroup,
            @Nullable TcpCounters counters,
            boolean fromStart,
            int polls,
            long seenAtMillis) {
        this(
                key,
                namespace,
                transport,
                state,
                local,
                localPort,
                remote,
                remotePort,
                v6Only,
                inode,
                cgroup,
                counters,
                fromStart,
                polls,
                seenAtMillis,
                null);
    }

    /** The flow that it belongs to on a host, as the side with that role, of a server at that port. */
    public Flow flow(HostId host, @Nullable Program program, Role role, int serverPort) {
        return new Flow(host, namespace, program, role, local, remote, serverPort, transport, socketName());
    }

    /** The name of the server's unix socket, or null. */
    public @Nullable String socketName() {
        return unix == null ? null : unix.name();
    }

    SocketSeen withPolls(int shown) {
        return new SocketSeen(
                key,
                namespace,
                transport,
                state,
                local,
                localPort,
                remote,
                remotePort,
                v6Only,
                inode,
                cgroup,
                counters,
                fromStart,
                shown,
                seenAtMillis,
                unix);
    }
}
