package enishi.agent.capture;

/** Where a socket is in its life, as far as folding cares. */
public enum SocketState {
    /** TCP: listening. */
    LISTENING,
    /** UDP: bound or used without a peer of its own. */
    UNCONNECTED,
    /** TCP: SYN sent, nothing back yet. This end asked. */
    CONNECTING,
    /** TCP: SYN received, not yet established. This end was asked. */
    ACCEPTING,
    /** Established, or on its way down after having been; UDP: connected to a peer. */
    OPEN,
    /** Gone: seen by a destroy notice, or absent from a later dump. */
    CLOSED
}
