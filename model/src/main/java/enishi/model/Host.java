package enishi.model;

import java.util.List;
import java.util.Map;

/**
 * A host and its attributes, as its agent last told them.
 *
 * @param name the hostname, hostile text
 * @param bootId {@code /proc/sys/kernel/random/boot_id}
 * @param addresses every address per network namespace, loopback left out
 * @param labels {@code site}, {@code zone}, {@code rack}, {@code role} and free ones, from configuration
 */
public record Host(HostId id, String name, String bootId, List<HostAddress> addresses, Map<String, String> labels) {
    /** Label of the data centre or edge location: addresses mean something only within it. */
    public static final String SITE = "site";

    /** Label of the part of a site. */
    public static final String ZONE = "zone";

    public Host {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
    }
}
