package enishi.model;

import org.jspecify.annotations.Nullable;

/**
 * A listening socket of a host. A UDP socket without a peer counts as one.
 *
 * @param namespace network namespace: 0 for the one the agent runs in, else its inode number
 * @param address what it is bound to; a wildcard takes every address of the namespace
 * @param port bound port; 0 stands for all UDP sockets of one program on ports the kernel chose
 * @param v6Only whether a v6 wildcard leaves IPv4 alone
 * @param program who owns it, or null where nobody could tell
 * @param socket over {@link Transport#UNIX} its path or abstract name, as {@link Flow#name}; else null
 */
public record Listener(
        HostId host,
        long namespace,
        Address address,
        int port,
        Transport transport,
        boolean v6Only,
        @Nullable Program program,
        @Nullable String socket) {

    public Listener {
        Ports.check(port);
        if ((transport == Transport.UNIX) != (socket != null)) {
            throw new IllegalArgumentException("a listener has a socket over unix, and only there");
        }
    }

    /** One at an address. */
    public Listener(
            HostId host,
            long namespace,
            Address address,
            int port,
            Transport transport,
            boolean v6Only,
            @Nullable Program program) {
        this(host, namespace, address, port, transport, v6Only, program, null);
    }

    /** Whether a connection to this address, port and transport within the namespace arrives here. */
    public boolean takes(Address to, int toPort, Transport over) {
        if (port != toPort || transport != over) {
            return false;
        }
        if (over == Transport.UNIX) {
            return address.equals(to);
        }
        return address.equals(to)
                || (address.equals(Address.ANY_V4) && to.isV4())
                || (address.equals(Address.ANY_V6) && (!to.isV4() || !v6Only));
    }
}
