package enishi.server.store;

/**
 * What is known of a flow in one hour.
 *
 * @param totals its sums over the hour
 * @param minutes bit n is set when it was present in minute n of the hour; 60 bits, not none
 */
public record FlowHour(FlowTotals totals, long minutes) {
    private static final long HOUR = (1L << 60) - 1;

    public FlowHour {
        if (minutes == 0 || (minutes & ~HOUR) != 0) {
            throw new IllegalArgumentException("a flow is in some of an hour's 60 minutes");
        }
    }
}
