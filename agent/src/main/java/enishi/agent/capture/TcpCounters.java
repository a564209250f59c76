package enishi.agent.capture;

import enishi.model.Role;
import org.jspecify.annotations.Nullable;

/**
 * Counters of one TCP socket since it was made, from {@code struct tcp_info} (include/uapi/linux/tcp.h).
 *
 * @param sentBytes payload sent, retransmissions left out
 * @param receivedBytes payload received; the kernel counts the peer's FIN as one byte, so one too many is possible
 * @param rttMicros smoothed round-trip time, microseconds; 0 if never measured
 * @param retransmits segments sent again
 * @param established whether the handshake ever completed
 * @param opener this end's role as the counters themselves prove it, or null where they do not
 */
public record TcpCounters(
        long sentBytes,
        long receivedBytes,
        int rttMicros,
        long retransmits,
        boolean established,
        @Nullable Role opener) {}
