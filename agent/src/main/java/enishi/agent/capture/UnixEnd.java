package enishi.agent.capture;

/**
 * What a unix socket has instead of ports.
 *
 * @param name of the server's socket: its path, or its abstract name after an {@code @}
 * @param told whether the kernel tells every connect to it too: then a dump says only what is open
 */
public record UnixEnd(String name, boolean told) {}
