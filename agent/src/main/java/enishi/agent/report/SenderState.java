package enishi.agent.report;

/**
 * How sending stands.
 *
 * @param lastAcknowledgedAtMillis wall clock, milliseconds since the epoch; 0: never
 * @param lastError of the last attempt, empty after a success
 */
public record SenderState(long lastAcknowledgedAtMillis, String lastError) {}
