package enishi.agent.capture;

import org.jspecify.annotations.Nullable;

/**
 * The end of a socket that was followed.
 *
 * @param counters its final counters, or null where nobody told them
 */
public record SocketGone(long key, @Nullable TcpCounters counters) implements Capture {}
