package enishi.answer;

import enishi.model.Transport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code enishi listeners}.
 *
 * @param port null for the UDP sockets of one program on ports the kernel chose
 * @param namespace 0 for the host's own network namespace
 */
public record ListenerItem(
        String host,
        Transport transport,
        String address,
        @Nullable Integer port,
        long namespace,
        @Nullable String program,
        @Nullable String service,
        @Nullable String container,
        List<Integer> pids,
        Instant firstSeen,
        Instant lastSeen) {}
