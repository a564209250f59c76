package enishi.agent.kernel;

import enishi.model.Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses of one network namespace, asked of rtnetlink ({@code RTM_GETADDR}; include/uapi/linux/if_addr.h). */
public final class HostAddresses implements AutoCloseable {
    private static final int MESSAGE_BYTES = 8;
    private static final int ROUTE_BYTES = 12;
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
                Address address = ofInterface(in, at + MESSAGE_BYTES, at + bytes);
                if (address != null && !address.isLoopback() && !isLinkLocal(address)) {
                    found.add(address);
                }
            }
        });
        return found;
    }

    /** IFA_LOCAL if there, for it is this end of a point-to-point link, else IFA_ADDRESS. */
    private static @Nullable Address ofInterface(ReceivedWords in, int from, int end) {
        Address local = attribute(in, from, end, Linux.IFA_LOCAL);
        return local != null ? local : attribute(in, from, end, Linux.IFA_ADDRESS);
    }

    /**
     * The address from which this namespace talks to another ({@code RTM_GETROUTE}; include/uapi/linux/rtnetlink.h).
     *
     * @return empty if no way leads there
     */
    public Optional<Address> towards(Address remote) throws KernelException {
        byte[] bytes = remote.bytes();
        byte[] request = ByteBuffer.allocate(ROUTE_BYTES + 4 + bytes.length)
                .order(ByteOrder.nativeOrder())
                .put((byte) (remote.isV4() ? Linux.AF_INET : Linux.AF_INET6))
                .put((byte) (bytes.length * 8))
                .position(ROUTE_BYTES)
                .putShort((short) (4 + bytes.length))
                .putShort((short) Linux.RTA_DST)
                .put(bytes)
                .array();
        List<Address> found = new ArrayList<>();
        try {
            netlink.ask(Linux.RTM_GETROUTE, request, (type, in, at, length) -> {
                Address source = attribute(in, at + ROUTE_BYTES, at + length, Linux.RTA_PREFSRC);
                if (source != null) {
                    found.add(source);
                }
            });
        } catch (KernelException e) {
            if (e.errno() != Errno.ENETUNREACH && e.errno() != Errno.EHOSTUNREACH && e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
        return found.stream().findFirst();
    }

    private static @Nullable Address attribute(ReceivedWords in, int from, int end, int wanted) {
        for (int at = from; at + 4 <= end; ) {
            int length = in.u16(at);
            if (length < 4 || at + length > end) {
                return null;
            }
            if (in.u16(at + 2) == wanted) {
                return address(in, at + 4, length - 4);
            }
            at += (length + 3) & ~3;
        }
        return null;
    }

    private static @Nullable Address address(ReceivedWords in, int at, int bytes) {
        return switch (bytes) {
            case 4 -> Address.ofV4(in.network32(at));
            case 16 -> new Address(in.network64(at), in.network64(at + 8));
            default -> null;
        };
    }

    private static boolean isLinkLocal(Address address) {
        return address.high() >>> 54 == 0xfe80 >>> 6;
    }

    @Override
    public void close() {
        netlink.close();
    }
}
