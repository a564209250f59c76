package enishi.agent.spool;

/**
 * What became of every report, since this run began: {@code found + appended == acknowledged + dropped + folded +
 * waiting}. A report whose append failed was never in the spool.
 *
 * @param found unacknowledged and whole when the spool was opened
 * @param appended durable on disk
 * @param acknowledged the server has it
 * @param dropped discarded for want of room, refused by the server for good, or damaged since they were written
 * @param folded left out because later reports say all it said
 * @param waiting not yet acknowledged
 * @param failedAppends reports that the disk did not take
 * @param damages stretches of damaged bytes stepped over when the spool was opened
 * @param bytes on disk now, quarantine left out
 */
public record SpoolCounters(
        long found,
        long appended,
        long acknowledged,
        long dropped,
        long folded,
        long waiting,
        long failedAppends,
        long damages,
        long bytes) {}
