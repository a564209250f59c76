package enishi.agent.capture;

/** What a rung delivers. */
public sealed interface Capture permits SocketSeen, SocketCounted, SocketGone {}
