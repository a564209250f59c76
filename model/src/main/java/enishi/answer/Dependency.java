package enishi.answer;

import enishi.model.Evidence;
import enishi.model.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client depends on the server. Unknown values are null, never guessed; counts and bytes are sums over the window.
 *
 * @param connections established within the window
 * @param failures asked for and never established
 * @param active open at the end of the window
 * @param seenFrom which ends reported it
 * @param via the hosts that translated addresses on the way, in order; folded, all that did
 * @param asked what the client asked for, where a translation led it to another address or port or made it another
 *     client; else null, also where it was folded away
 */
public record Dependency(
        ClientEnd client,
        ServerEnd server,
        Transport transport,
        Instant firstSeen,
        Instant lastSeen,
        long connections,
        long failures,
        long active,
        @Nullable Long clientBytes,
        @Nullable Long serverBytes,
        @Nullable Integer rttMicros,
        @Nullable Long retransmits,
        SeenFrom seenFrom,
        Set<Evidence> evidence,
        List<String> via,
        @Nullable Asked asked) {
    /** How many pids an end lists; the rest is counted. */
    public static final int PIDS_MAX = 16;

    public Dependency {
        evidence = Set.copyOf(evidence);
        via = List.copyOf(via);
    }

    /** One that nothing was translated of. */
    public Dependency(
            ClientEnd client,
            ServerEnd server,
            Transport transport,
            Instant firstSeen,
            Instant lastSeen,
            long connections,
            long failures,
            long active,
            @Nullable Long clientBytes,
            @Nullable Long serverBytes,
            @Nullable Integer rttMicros,
            @Nullable Long retransmits,
            SeenFrom seenFrom,
            Set<Evidence> evidence,
            List<String> via) {
        this(
                client,
                server,
                transport,
                firstSeen,
                lastSeen,
                connections,
                failures,
                active,
                clientBytes,
                serverBytes,
                rttMicros,
                retransmits,
                seenFrom,
                evidence,
                via,
                null);
    }

    /** An address and a port that a client asked for. */
    public record Asked(String address, int port) {}

    /** Which ends reported a dependency. */
    public enum SeenFrom {
        CLIENT,
        SERVER,
        BOTH
    }

    /**
     * The end that asked.
     *
     * @param pids processes that stood behind it, at most {@link #PIDS_MAX}; none where the host is unknown
     * @param moreProcesses how many more there were, at least; at process level only
     * @param address null over unix, where nobody has one
     * @param network where the host is unknown: the named range that holds the address, {@code external} where it is
     *     any other global address, else null
     */
    public record ClientEnd(
            @Nullable String site,
            @Nullable String zone,
            @Nullable String host,
            @Nullable String program,
            List<Integer> pids,
            long moreProcesses,
            @Nullable String service,
            @Nullable String container,
            @Nullable String address,
            @Nullable String network) {
        public ClientEnd {
            pids = List.copyOf(pids);
        }
    }

    /**
     * The end that listened.
     *
     * @param pids processes that stood behind it, at most {@link #PIDS_MAX}; none where the host is unknown
     * @param moreProcesses how many more there were, at least; at process level only
     * @param address null over unix, as is the port
     * @param name the DNS name that the client looked up before it asked, or null; folded, of unwatched servers alone
     * @param path over unix the path of its socket, or the abstract name after an {@code @}; else null
     * @param network as of the client
     */
    public record ServerEnd(
            @Nullable String site,
            @Nullable String zone,
            @Nullable String host,
            @Nullable String program,
            List<Integer> pids,
            long moreProcesses,
            @Nullable String service,
            @Nullable String container,
            @Nullable String address,
            @Nullable Integer port,
            @Nullable String name,
            @Nullable String path,
            @Nullable String network) {
        public ServerEnd {
            pids = List.copyOf(pids);
        }

        /** An end with an address. */
        public ServerEnd(
                @Nullable String site,
                @Nullable String zone,
                @Nullable String host,
                @Nullable String program,
                List<Integer> pids,
                long moreProcesses,
                @Nullable String service,
                @Nullable String container,
                String address,
                int port,
                @Nullable String name) {
            this(
                    site,
                    zone,
                    host,
                    program,
                    pids,
                    moreProcesses,
                    service,
                    container,
                    address,
                    Integer.valueOf(port),
                    name,
                    null,
                    null);
        }

        /** Whether it is at this port of an address. */
        public boolean isAt(int asked) {
            return port != null && port == asked;
        }
    }
}
