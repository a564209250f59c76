package enishi.agent.fold;

/**
 * How much is kept in memory; what would exceed it is counted as dropped.
 *
 * @param connectionsMax open connections; a tenth more is kept for those whose dependency no other connection shows
 * @param listenersMax listeners, UDP sockets without a peer among them
 * @param flowsMax flows with counts not yet reported, or with open connections
 * @param translationsMax translations with counts not yet reported, or with connections that are tracked
 */
public record FoldLimits(int connectionsMax, int listenersMax, int flowsMax, int translationsMax) {
    /** What fits into the agent's heap with room to work: about 110, 300, 400 and 300 bytes each. */
    public static final FoldLimits DEFAULT = new FoldLimits(170_000, 30_000, 50_000, 20_000);

    FoldLimits(int connectionsMax, int listenersMax, int flowsMax) {
        this(connectionsMax, listenersMax, flowsMax, DEFAULT.translationsMax());
    }
}
