package enishi.access;

import enishi.model.HostId;

/** Who holds a token. */
public sealed interface Identity {

    /** An agent: writes as this host, reads what concerns this host. */
    record Agent(HostId host) implements Identity {}

    /** A person or tool that reads everything and writes nothing. */
    record Viewer() implements Identity {}
}
