package enishi.model;

import org.jspecify.annotations.Nullable;

/**
 * A host's fold of connections: neither the ephemeral port nor the pid is part of it (Tsubouchi et al. 2019, section
 * 3.1). IPFIX and Hubble use the word for packets; here it never means those.
 *
 * @param namespace network namespace: 0 for the one the agent runs in, else its inode number
 * @param program who owns this end, or null where nobody could tell
 * @param local this end's address
 * @param remote the other end's address
 * @param serverPort the listening side's port, whichever end that is; 0 over {@link Transport#UNIX}
 * @param name what the server goes by. Over {@link Transport#UNIX} the path of its socket, or its abstract name after
 *     an {@code @}; both addresses are then the key of the socket, which is no address: see {@code UnixSocket} of the
 *     agent. Else the DNS name that the client looked up before it asked, or null where none is known
 */
public record Flow(
        HostId host,
        long namespace,
        @Nullable Program program,
        Role role,
        Address local,
        Address remote,
        int serverPort,
        Transport transport,
        @Nullable String name) {

    public Flow {
        Ports.check(serverPort);
        if (transport == Transport.UNIX && name == null) {
            throw new IllegalArgumentException("over unix a flow names the server's socket");
        }
        if (transport != Transport.UNIX && role == Role.SERVER && name != null) {
            throw new IllegalArgumentException("who was asked does not know by what name");
        }
    }

    /** A flow between two addresses, whatever they are called. */
    public Flow(
            HostId host,
            long namespace,
            @Nullable Program program,
            Role role,
            Address local,
            Address remote,
            int serverPort,
            Transport transport) {
        this(host, namespace, program, role, local, remote, serverPort, transport, null);
    }

    public Address client() {
        return role == Role.CLIENT ? local : remote;
    }

    public Address server() {
        return role == Role.SERVER ? local : remote;
    }
}
