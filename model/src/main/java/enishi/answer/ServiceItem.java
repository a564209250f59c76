package enishi.answer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code enishi services}: a named group of processes on one host that answers on sockets.
 *
 * @param listens endpoints it answers on, as {@code tcp/0.0.0.0:80}
 */
public record ServiceItem(
        String host,
        String service,
        List<String> programs,
        @Nullable String container,
        List<String> listens,
        Instant firstSeen,
        Instant lastSeen) {}
