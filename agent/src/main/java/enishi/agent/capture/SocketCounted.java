package enishi.agent.capture;

/** The counters of a socket that is followed, when they have changed. */
public record SocketCounted(long key, TcpCounters counters) implements Capture {}
