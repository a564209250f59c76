package enishi.agent.fold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ports from which the kernel chooses for a client, both inclusive (ip(7), ip_local_port_range). */
public record PortRange(int least, int most) {
    /** The kernel's default. */
    public static final PortRange DEFAULT = new PortRange(32768, 60999);

    /** Reads what this host is set to; the kernel's default if that cannot be read. */
    public static PortRange of(Path proc) {
        try {
            String[] bounds = Files.readString(proc.resolve("sys/net/ipv4/ip_local_port_range"))
                    .strip()
                    .split("\\s+", -1);
            return new PortRange(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1]));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return DEFAULT;
        }
    }

    public boolean has(int port) {
        return least <= port && port <= most;
    }
}
