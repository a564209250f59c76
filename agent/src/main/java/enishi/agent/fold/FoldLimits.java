package enishi.agent.fold;

/**
 * How much is kept in memory; what would exceed it is counted as dropped.
 *
 * @param connectionsMax open connections
 * @param flowsMax flows with counts not yet reported, or with open connections
 */
public record FoldLimits(int connectionsMax, int flowsMax) {
    public static final FoldLimits DEFAULT = new FoldLimits(150_000, 50_000);
}
