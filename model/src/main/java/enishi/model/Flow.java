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
 * @param serverPort the listening side's port, whichever end that is
 */
public record Flow(
        HostId host,
        long namespace,
        @Nullable Program program,
        Role role,
        Address local,
        Address remote,
        int serverPort,
        Transport transport) {

    public Flow {
        Ports.check(serverPort);
    }

    public Address client() {
        return role == Role.CLIENT ? local : remote;
    }

    public Address server() {
        return role == Role.SERVER ? local : remote;
    }
}
