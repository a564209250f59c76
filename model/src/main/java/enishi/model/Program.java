package enishi.model;

import org.jspecify.annotations.Nullable;

/**
 * What runs at one end: the program and the service it belongs to, as far as the host could tell while it lived.
 *
 * @param name the {@code comm} of the thread-group leader, what {@code ps -o comm} prints; hostile text, at most 15
 *     bytes from the kernel
 * @param service systemd unit, container or pod workload, else the program's name; stable over restarts
 * @param container container id as its runtime writes it, or null outside containers
 */
public record Program(String name, String service, @Nullable String container) {}
