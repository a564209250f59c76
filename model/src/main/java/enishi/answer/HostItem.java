package enishi.answer;

import enishi.model.Rung;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One row of {@code enishi hosts}. */
public record HostItem(
        String host,
        String hostId,
        List<String> addresses,
        Map<String, String> labels,
        Rung rung,
        Instant firstReport,
        Instant lastReport,
        long clockOffsetMillis) {}
