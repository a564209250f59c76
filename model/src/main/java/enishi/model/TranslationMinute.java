package enishi.model;

/**
 * One translation in one minute, as absolute counts: a later one of the same translation, minute and incarnation
 * replaces an earlier one.
 *
 * @param minute minutes since the epoch, wall clock
 * @param connections translated connections that began within the minute and were told by the kernel
 * @param tracked translated connections that the kernel holds at the end of the minute, or now while it lasts; it holds
 *     one for up to two minutes after its end, or much longer where the end was not seen
 * @param firstSeenMillis wall clock, milliseconds since the epoch, of the first sign of life within the minute
 * @param lastSeenMillis likewise of the last
 */
public record TranslationMinute(
        long minute, long connections, long tracked, long firstSeenMillis, long lastSeenMillis) {}
