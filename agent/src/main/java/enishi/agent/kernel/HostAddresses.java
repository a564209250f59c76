package enishi.agent.kernel;

import enishi.model.Address;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of one network namespace, asked of rtnetlink ({@code RTM_GETADDR}; include/uapi/linux/if_addr.h). */
public final class HostAddresses implements AutoCloseable {
    private static final int MESSAGE_BYTES = 8;
    private final Netlink netlink;

    private HostAddresses(Netlink netlink) {
        this.netlink = netlink;
    }

    /** Opens the question in the namespace that the calling thread is in. */
    public static HostAddresses open(ReceivedWords words) throws KernelException {
        return new HostAddresses(Netlink.route(words));
    }

    /** Every address but loopback and IPv6 link-local ones, which mean nothing beyond their link. */
    public List<Address> read() throws KernelException {
        List<Address> found = new ArrayList<>();
        netlink.dump(Linux.RTM_GETADDR, new byte[MESSAGE_BYTES], (type, in, at, bytes) -> {
            if (type == Linux.RTM_NEWADDR && bytes >= MESSAGE_BYTES) {
                Address address = address(in, at + MESSAGE_BYTES, at + bytes);
                if (address != null && !address.isLoopback() && !isLinkLocal(address)) {
                    found.add(address);
                }
            }
        });
        return found;
    }

    /** IFA_LOCAL if there, for it is this end of a point-to-point link, else IFA_ADDRESS. */
    private static @Nullable Address address(ReceivedWords in, int from, int end) {
        Address address = null;
        for (int at = from; at + 4 <= end; ) {
            int length = in.u16(at);
            int type = in.u16(at + 2);
            if (length < 4 || at + length > end) {
                return address;
            }
            if (type == Linux.IFA_LOCAL || (type == Linux.IFA_ADDRESS && address == null)) {
                address = switch (length) {
                    case 8 -> Address.ofV4(in.network32(at + 4));
                    case 20 -> new Address(in.network64(at + 4), in.network64(at + 12));
                    default -> address;
                };
            }
            at += (length + 3) & ~3;
        }
        return address;
    }

    private static boolean isLinkLocal(Address address) {
        return address.high() >>> 54 == 0xfe80 >>> 6;
    }

    @Override
    public void close() {
        netlink.close();
    }
}
