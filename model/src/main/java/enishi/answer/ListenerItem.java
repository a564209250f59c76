package enishi.answer;

import enishi.model.Transport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code enishi listeners}.
 *
 * @param port null for the UDP sockets of one program on ports the kernel chose
 * @param address null for a unix socket
 * @param namespace 0 for the host's own network namespace
 * @param path of a unix socket its path, or its abstract name after an {@code @}; else null
 */
public record ListenerItem(
        String host,
        Transport transport,
        @Nullable String address,
        @Nullable Integer port,
        long namespace,
        @Nullable String program,
        @Nullable String service,
        @Nullable String container,
        List<Integer> pids,
        Instant firstSeen,
        Instant lastSeen,
        @Nullable String path) {}
