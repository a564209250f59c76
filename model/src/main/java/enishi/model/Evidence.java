package enishi.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What proved the role of a socket. A connection may have several proofs, or none yet. */
public enum Evidence {
    /** The socket was seen asking: SYN sent, or a connect event. */
    CONNECT(1),
    /** The socket was seen being accepted: SYN received, or an accept event. */
    ACCEPT(2),
    /** A listener on this host matches one end of the connection. */
    LISTENER(4),
    /** No listener matched; the side whose port looks chosen by the kernel is taken for the client. */
    PORT(8),
    /** Seen by polls alone: those that opened and closed between two are missing. */
    POLLED(16);

    /** Every set of them, by their bits: there are few, and each is there once. */
    private static final List<Set<Evidence>> SETS = IntStream.range(0, 1 << values().length)
            .mapToObj(bits -> Arrays.stream(values())
                    .filter(each -> (bits & each.bit) != 0)
                    .collect(Collectors.toUnmodifiableSet()))
            .toList();

    private final int bit;

    Evidence(int bit) {
        this.bit = bit;
    }

    /** What either of two sets holds. */
    public static Set<Evidence> union(Set<Evidence> one, Set<Evidence> other) {
        return SETS.get(bits(one) | bits(other));
    }

    private static int bits(Set<Evidence> set) {
        int bits = 0;
        for (Evidence each : set) {
            bits |= each.bit;
        }
        return bits;
    }
}
