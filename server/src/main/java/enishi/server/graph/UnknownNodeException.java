package enishi.server.graph;

/** A node that nobody knows, or a name that several answer to. The message names what was meant, perhaps. */
public final class UnknownNodeException extends Exception {
    private static final long serialVersionUID = 1;

    public UnknownNodeException(String message) {
        super(message);
    }
}
