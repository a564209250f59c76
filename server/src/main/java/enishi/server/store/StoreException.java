package enishi.server.store;

/** The store could not keep or read. The message says what was tried, why it failed and what to do. */
public sealed class StoreException extends RuntimeException permits StoreFullException, TooManyFlowsException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
