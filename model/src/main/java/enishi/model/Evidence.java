package enishi.model;

/** What proved the role of a socket. A connection may have several proofs, or none yet. */
public enum Evidence {
    /** The socket was seen asking: SYN sent, or a connect event. */
    CONNECT,
    /** The socket was seen being accepted: SYN received, or an accept event. */
    ACCEPT,
    /** A listener on this host matches one end of the connection. */
    LISTENER,
    /** No listener matched; the side whose port looks chosen by the kernel is taken for the client. */
    PORT,
    /** Seen by polls alone: those that opened and closed between two are missing. */
    POLLED
}
