package enishi.agent.capture;

/** Whatever translated connections a network namespace tracks will be told anew, or it is gone. */
public record TrackedForgotten(long namespace) implements Capture {}
