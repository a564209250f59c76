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
 * @param adopted those that were there before anybody told of them
 * @param ended those that connection tracking forgot since the last poll
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
        long adopted,
        long ended)
        implements Capture {

    /** What was done, on this host. */
    public Translation translation(HostId host) {
        return new Translation(host, namespace, transport, client, asked, askedPort, server, serverPort, seenAs);
    }
}
