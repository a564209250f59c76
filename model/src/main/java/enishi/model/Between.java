package enishi.model;

/**
 * What both halves of a connection agree on, as it stands on one stretch of its way. Hosts and namespaces are compared
 * after.
 */
public record Between(Address client, Address server, int serverPort, Transport transport) {
    public static Between of(Flow flow) {
        return new Between(flow.client(), flow.server(), flow.serverPort(), flow.transport());
    }

    /** Before a translation: what the client's side sees. */
    public static Between before(Translation each) {
        return new Between(each.client(), each.asked(), each.askedPort(), each.transport());
    }

    /** After it: what the server's side sees. */
    public static Between after(Translation each) {
        return new Between(each.seenAs(), each.server(), each.serverPort(), each.transport());
    }
}
