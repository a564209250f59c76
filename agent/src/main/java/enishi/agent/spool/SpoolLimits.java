package enishi.agent.spool;

/**
 * How much the spool may take of the disk.
 *
 * @param spoolBytesMax everything together: segments, quarantine, cursor
 */
public record SpoolLimits(long spoolBytesMax) {
    private static final int SEGMENTS = 16;

    public SpoolLimits {
        if (spoolBytesMax < 4096 || spoolBytesMax > 1L << 34) {
            throw new IllegalArgumentException("a spool has between 4 KiB and 16 GiB, not " + spoolBytesMax);
        }
    }

    /** One file. The oldest goes as a whole when room is wanted. */
    public int segmentBytesMax() {
        return (int) (spoolBytesMax / SEGMENTS);
    }

    /** What was damaged or refused, kept for a person to look at. */
    public int quarantineBytesMax() {
        return segmentBytesMax();
    }

    /** Room for reports: all but the quarantine. */
    public long reportBytesMax() {
        return spoolBytesMax - quarantineBytesMax();
    }

    /** The longest report that fits a segment. */
    public int recordBytesMax() {
        return segmentBytesMax() - SpoolRecord.HEADER_BYTES;
    }
}
