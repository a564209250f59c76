package enishi.server.store;

/** A question concerns more flows than memory holds at a time: it is refused, for else the server would end of it. */
public final class TooManyFlowsException extends StoreException {
    private static final long serialVersionUID = 1;

    public TooManyFlowsException(long flowsMax) {
        super("this question concerns more than the " + flowsMax + " flows that the server's memory holds at a time;"
                + " ask about a node or a shorter window, or give the server a larger heap");
    }
}
