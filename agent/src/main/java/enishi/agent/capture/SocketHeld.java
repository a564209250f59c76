package enishi.agent.capture;

/** Who holds a socket that waits to be asked, by its inode; told once for each holder by each sweep. */
public record SocketHeld(long inode, Holder holder) implements Capture {}
