package enishi.server.store;

/** Free disk is below the reserve: nothing more is kept until there is room, what is kept stays readable. */
public final class StoreFullException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreFullException(String message) {
        super(message);
    }
}
