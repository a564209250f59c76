package enishi.agent.capture;

/** Where a socket is in its life, as far as folding cares. */
public enum SocketState {
    /** TCP: listening. */
    LISTENING(1),
    /** UDP: bound or used without a peer of its own. */
    UNCONNECTED(2),
    /** TCP: SYN sent, nothing back yet. This end asked. */
    CONNECTING(3),
    /** TCP: SYN received, not yet established. This end was asked. */
    ACCEPTING(4),
    /** Established, or on its way down after having been; UDP: connected to a peer. */
    OPEN(5),
    /** Gone before any dump showed it: known by the notice of its end alone. */
    CLOSED(6);

    /** From 1 to 7, for where a state must fit into three bits. */
    final int code;

    SocketState(int code) {
        this.code = code;
    }
}
