package enishi.agent.kernel;

import enishi.model.Address;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One socket of a dump or a destroy notice, read in place: {@code struct inet_diag_msg} and its attributes
 * (include/uapi/linux/inet_diag.h), {@code struct tcp_info} (include/uapi/linux/tcp.h). Valid only while handed on; one
 * object serves every socket.
 */
public final class DiagSocket {
    static final int MESSAGE_BYTES = 72;
    static final int AT_FAMILY = 0;
    static final int AT_STATE = 1;
    static final int AT_LOCAL_PORT = 4;
    static final int AT_REMOTE_PORT = 6;
    static final int AT_LOCAL = 8;
    static final int AT_REMOTE = 24;
    static final int AT_COOKIE = 44;
    static final int AT_INODE = 68;
    static final int INFO_RTT = 68;
    static final int INFO_TOTAL_RETRANS = 100;
    static final int INFO_BYTES_ACKED = 120;
    static final int INFO_BYTES_RECEIVED = 128;
    static final int INFO_BYTES_SENT = 200;
    static final int INFO_BYTES_RETRANS = 208;
    static final int INFO_BYTES_LEAST = 216;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort NET_SHORT = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NET_INT = INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NET_LONG = LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment in = MemorySegment.NULL;
    private long at;
    private long info;
    private int protocol;
    private boolean v6Only;
    private long cgroup;

    /** Points at the next socket. @return whether the bytes hold one; nothing is thrown on any bytes */
    boolean read(MemorySegment segment, long offset, int bytes) {
        in = segment;
        at = offset;
        info = -1;
        protocol = 0;
        v6Only = false;
        cgroup = 0;
        if (bytes < MESSAGE_BYTES) {
            return false;
        }
        long end = offset + bytes;
        long attribute = offset + MESSAGE_BYTES;
        while (attribute + 4 <= end) {
            int length = Short.toUnsignedInt(in.get(SHORT, attribute));
            if (length < 4 || attribute + length > end) {
                return false;
            }
            attribute(Short.toUnsignedInt(in.get(SHORT, attribute + 2)), attribute + 4, length - 4);
            attribute += (length + 3) & ~3;
        }
        return true;
    }

    private void attribute(int type, long value, int bytes) {
        if (type == Linux.INET_DIAG_INFO && bytes >= INFO_BYTES_LEAST) {
            info = value;
        } else if (type == Linux.INET_DIAG_PROTOCOL && bytes >= 1) {
            protocol = in.get(BYTE, value);
        } else if (type == Linux.INET_DIAG_SKV6ONLY && bytes >= 1) {
            v6Only = in.get(BYTE, value) != 0;
        } else if (type == Linux.INET_DIAG_CGROUP_ID && bytes >= 8) {
            cgroup = in.get(LONG, value);
        }
    }

    /** State as include/net/tcp_states.h numbers it: 1 established … 10 listening. */
    public int state() {
        return in.get(BYTE, at + AT_STATE);
    }

    /** Whether a destroy notice says this was a UDP socket. */
    public boolean isUdp() {
        return protocol == Linux.IPPROTO_UDP;
    }

    /** The kernel's own number for the socket; never used twice while the host is up. */
    public long cookie() {
        return in.get(LONG, at + AT_COOKIE);
    }

    public int localPort() {
        return Short.toUnsignedInt(in.get(NET_SHORT, at + AT_LOCAL_PORT));
    }

    public int remotePort() {
        return Short.toUnsignedInt(in.get(NET_SHORT, at + AT_REMOTE_PORT));
    }

    public Address local() {
        return address(at + AT_LOCAL);
    }

    public Address remote() {
        return address(at + AT_REMOTE);
    }

    /** Whether the remote end is still what it was; saves making an address for each socket of each poll. */
    public boolean isRemote(Address address, int port) {
        return remotePort() == port
                && (isV6()
                        ? in.get(NET_LONG, at + AT_REMOTE) == address.high()
                                && in.get(NET_LONG, at + AT_REMOTE + 8) == address.low()
                        : address.isV4() && in.get(NET_INT, at + AT_REMOTE) == (int) address.low());
    }

    public long inode() {
        return Integer.toUnsignedLong(in.get(INT, at + AT_INODE));
    }

    public boolean v6Only() {
        return v6Only;
    }

    /** Cgroup id, 0 if the kernel did not say. */
    public long cgroup() {
        return cgroup;
    }

    public boolean hasInfo() {
        return info >= 0;
    }

    /** Payload sent, retransmissions not counted twice. */
    public long sentBytes() {
        return in.get(LONG, info + INFO_BYTES_SENT) - in.get(LONG, info + INFO_BYTES_RETRANS);
    }

    public long receivedBytes() {
        return in.get(LONG, info + INFO_BYTES_RECEIVED);
    }

    public int rttMicros() {
        return in.get(INT, info + INFO_RTT);
    }

    public long retransmits() {
        return Integer.toUnsignedLong(in.get(INT, info + INFO_TOTAL_RETRANS));
    }

    /**
     * Whether the handshake ever completed: an active open counts its own SYN among the acknowledged bytes
     * (net/ipv4/tcp_input.c, tcp_snd_una_update), and an accepted socket is born with a measured round trip.
     */
    public boolean established() {
        return in.get(LONG, info + INFO_BYTES_ACKED) > 0 || receivedBytes() > 0;
    }

    private boolean isV6() {
        return in.get(BYTE, at + AT_FAMILY) == Linux.AF_INET6;
    }

    private Address address(long where) {
        return isV6()
                ? new Address(in.get(NET_LONG, where), in.get(NET_LONG, where + 8))
                : Address.ofV4(in.get(NET_INT, where));
    }
}
