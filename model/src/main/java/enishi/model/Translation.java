package enishi.model;

/**
 * What network address translation did on its way through a network namespace of a host: who asked for what, and who
 * was asked instead, as whom. The ephemeral port that ties a socket to it is forgotten, as in a {@link Flow}.
 *
 * @param host where it was done
 * @param namespace network namespace: 0 for the one the agent runs in, else its inode number
 * @param transport TCP or UDP
 * @param client address of who asked, as seen before
 * @param asked address asked for
 * @param askedPort port asked for
 * @param server address that was asked instead, or the same
 * @param serverPort port that was asked instead, or the same
 * @param seenAs the client's address as the server sees it, or the same as the client's
 */
public record Translation(
        HostId host,
        long namespace,
        Transport transport,
        Address client,
        Address asked,
        int askedPort,
        Address server,
        int serverPort,
        Address seenAs) {

    public Translation {
        Ports.check(askedPort);
        Ports.check(serverPort);
        if (transport == Transport.UNIX) {
            throw new IllegalArgumentException("a unix socket has no address to translate");
        }
        if (client.equals(seenAs) && asked.equals(server) && askedPort == serverPort) {
            throw new IllegalArgumentException("a translation changes an address or the server's port");
        }
    }
}
