package enishi.model;

import org.jspecify.annotations.Nullable;

/**
 * A listener and the time in which it was seen; a later span of the same listener and incarnation replaces an earlier.
 *
 * @param process one process that holds it, or null where nobody could tell
 * @param firstSeenMillis wall clock, milliseconds since the epoch
 * @param lastSeenMillis likewise
 */
public record ListenerSpan(Listener listener, @Nullable ProcessId process, long firstSeenMillis, long lastSeenMillis) {}
