package enishi.server.graph;

import enishi.model.Address;
import enishi.model.HostId;
import java.util.function.BiPredicate;

/**
 * Networks that exist on several hosts with the same addresses, each behind a bridge of its own: Docker's 172.17.0.0/16
 * with 172.17.0.1 on docker0, Podman's 10.88.0.0/16, libvirt's 192.168.122.0/24, the pods of a cluster that fits on one
 * host.
 *
 * <p>Hosts tell addresses without the length of their network, so the bridge is known by its place: runtimes give it
 * the first address of its network. Where pods are routed between hosts every node has another network, thus another
 * first address, and an overlay spanning hosts has its bridge in a namespace without a process, which no agent lists
 * (libnetwork's drivers/overlay): neither is taken for a repeated one.
 */
final class Bridges {
    /** Widest and narrowest network that is looked for, in bits of the address as 128. */
    private static final int V4_BITS_MIN = 96 + 16;

    private static final int V6_BITS_MIN = 48;
    private static final int BITS_MAX = 126;
    private final BiPredicate<HostId, Address> holds;

    Bridges(BiPredicate<HostId, Address> holds) {
        this.holds = holds;
    }

    /** Whether both hosts hold one and the same first address of a network that this address is in. */
    boolean areShared(HostId one, HostId other, Address address) {
        Address before = address;
        for (int bits = address.isV4() ? V4_BITS_MIN : V6_BITS_MIN; bits <= BITS_MAX; bits++) {
            Address first = firstOf(address, bits);
            boolean fresh = !first.equals(before) && !first.equals(address);
            if (fresh && holds.test(one, first) && holds.test(other, first)) {
                return true;
            }
            before = first;
        }
        return false;
    }

    private static Address firstOf(Address address, int bits) {
        long low = bits <= 64 ? 0 : address.low() & (-1L << (128 - bits));
        long high = bits >= 64 ? address.high() : address.high() & (-1L << (64 - bits));
        return new Address(high, low | 1);
    }
}
