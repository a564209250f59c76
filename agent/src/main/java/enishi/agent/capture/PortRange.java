package enishi.agent.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ports from which the kernel chooses for a client, both inclusive (ip(7), ip_local_port_range). */
public record PortRange(int least, int most) {
    /** The kernel's default. */
    public static final PortRange DEFAULT = new PortRange(32768, 60999);

    private static final int BYTES_MAX = 64;

    /**
     * Reads what the network namespace of the calling thread is set to; the kernel's default if that cannot be read.
     * The kernel gives the value at the first read and nothing at a second (kernel/sysctl.c), so it is read in one.
     */
    static PortRange ofThisThread(Path proc) {
        try (InputStream in = Files.newInputStream(proc.resolve("sys/net/ipv4/ip_local_port_range"))) {
            byte[] bytes = new byte[BYTES_MAX];
            int length = Math.max(0, in.read(bytes));
            String[] bounds = new String(bytes, 0, length, StandardCharsets.US_ASCII)
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
