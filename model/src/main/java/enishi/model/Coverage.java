package enishi.model;

/**
 * What was watched on one host in one minute, as absolute counts of one incarnation.
 *
 * @param minute minutes since the epoch, wall clock
 * @param watchedSeconds bit n is set when second n of the minute was watched; 60 bits
 * @param seen sockets seen for the first time
 * @param lost closed sockets whose notice the kernel dropped
 * @param dropped facts that we discarded for want of room
 * @param unknownOwner connections whose process nobody could tell
 * @param unseenPeers UDP sockets without a peer of their own, also those that a dump never showed: whom they talk to is
 *     unseen on this rung
 * @param unaccounted TCP connections that the kernel's own counters hold and this rung did not tell
 */
public record Coverage(
        long minute,
        Rung rung,
        long watchedSeconds,
        long seen,
        long lost,
        long dropped,
        long unknownOwner,
        long unseenPeers,
        long unaccounted) {
    public static final long WHOLE_MINUTE = (1L << 60) - 1;

    public Coverage {
        if ((watchedSeconds & ~WHOLE_MINUTE) != 0) {
            throw new IllegalArgumentException("a minute has 60 seconds");
        }
    }
}
