package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.HostId;
import enishi.model.Translation;
import enishi.model.Transport;

/**
 * Connections whose addresses a network namespace translated in one and the same way.
 *
 * @param namespace as {@link Translation#namespace}, and so on
 * @param begun those that began since the last poll
 * @param tracked how many more are tracked than were known
 */
public record Translated(
        long namespace,
        Transport transport,
        Address client,
        Address asked,
        int askedPort,
        Address server,
        int serverPort,
        Address seenAs,
        long begun,
        long tracked)
        implements Capture {

    /** What was done, on this host. */
    public Translation translation(HostId host) {
        return new Translation(host, namespace, transport, client, asked, askedPort, server, serverPort, seenAs);
    }
}
