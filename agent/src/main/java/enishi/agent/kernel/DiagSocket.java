package enishi.agent.kernel;

import enishi.model.Address;
import enishi.model.Role;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a dump or a destroy notice, read in place: {@code struct inet_diag_msg} and its attributes
 * (include/uapi/linux/inet_diag.h), {@code struct tcp_info} (include/uapi/linux/tcp.h). Valid only while handed on; one
 * object serves every socket. Attributes are looked for when first asked for: of most sockets nobody does.
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
    static final int INFO_UNACKED = 24;
    static final int INFO_RTT = 68;
    static final int INFO_TOTAL_RETRANS = 100;
    static final int INFO_BYTES_ACKED = 120;
    static final int INFO_BYTES_RECEIVED = 128;
    static final int INFO_MIN_RTT = 148;
    static final int INFO_BYTES_SENT = 200;
    static final int INFO_BYTES_RETRANS = 208;
    static final int INFO_BYTES_LEAST = 216;

    /** include/net/tcp_states.h. */
    private static final int ESTABLISHED = 1;

    private static final int CLOSE = 7;
    private static final int CLOSE_WAIT = 8;

    private final ReceivedWords in;
    private int at;
    private int end;
    private boolean attributesRead;
    private int info;
    private int protocol;
    private boolean v6Only;
    private long cgroup;

    DiagSocket(ReceivedWords in) {
        this.in = in;
    }

    /** Points at the next socket. @return whether the bytes hold one; nothing is thrown on any bytes */
    boolean read(int position, int bytes) {
        at = position;
        end = position + bytes;
        attributesRead = false;
        return bytes >= MESSAGE_BYTES;
    }

    /** Reads the attributes as far as they are well formed. */
    private void attributes() {
        if (attributesRead) {
            return;
        }
        attributesRead = true;
        info = -1;
        protocol = 0;
        v6Only = false;
        cgroup = 0;
        int attribute = at + MESSAGE_BYTES;
        while (attribute + 4 <= end) {
            int length = in.u16(attribute);
            if (length < 4 || attribute + length > end) {
                return;
            }
            attribute(in.u16(attribute + 2), attribute + 4, length - 4);
            attribute += (length + 3) & ~3;
        }
    }

    private void attribute(int type, int value, int bytes) {
        if (type == Linux.INET_DIAG_INFO && bytes >= INFO_BYTES_LEAST) {
            info = value;
        } else if (type == Linux.INET_DIAG_PROTOCOL && bytes >= 1) {
            protocol = in.u8(value);
        } else if (type == Linux.INET_DIAG_SKV6ONLY && bytes >= 1) {
            v6Only = in.u8(value) != 0;
        } else if (type == Linux.INET_DIAG_CGROUP_ID && bytes >= 8) {
            cgroup = in.s64(value);
        }
    }

    /** State as include/net/tcp_states.h numbers it: 1 established … 10 listening. */
    public int state() {
        return in.u8(at + AT_STATE);
    }

    /** Whether a destroy notice says this was a UDP socket. */
    public boolean isUdp() {
        attributes();
        return protocol == Linux.IPPROTO_UDP;
    }

    /** The kernel's own number for the socket, never used twice within a network namespace while the host is up. */
    public long cookie() {
        return in.s64(at + AT_COOKIE);
    }

    public int localPort() {
        return in.network16(at + AT_LOCAL_PORT);
    }

    public int remotePort() {
        return in.network16(at + AT_REMOTE_PORT);
    }

    public Address local() {
        return address(at + AT_LOCAL);
    }

    public Address remote() {
        return address(at + AT_REMOTE);
    }

    /** A number that differs where the ports or the remote address differ, but for a chance not worth counting. */
    public long peerDigest() {
        long ports = in.s32(at + AT_LOCAL_PORT);
        long remote = in.s64(at + AT_REMOTE);
        if (isV6()) {
            remote = remote * 0x9E37_79B9_7F4A_7C15L + in.s64(at + AT_REMOTE + 8);
        }
        return (remote ^ Long.rotateLeft(ports, 32)) * 0x9E37_79B9_7F4A_7C15L;
    }

    public long inode() {
        return Integer.toUnsignedLong(in.s32(at + AT_INODE));
    }

    public boolean v6Only() {
        attributes();
        return v6Only;
    }

    /** Cgroup id, 0 if the kernel did not say. */
    public long cgroup() {
        attributes();
        return cgroup;
    }

    public boolean hasInfo() {
        attributes();
        return info >= 0;
    }

    /** Payload sent, retransmissions not counted twice. */
    public long sentBytes() {
        return infoLong(INFO_BYTES_SENT) - infoLong(INFO_BYTES_RETRANS);
    }

    public long receivedBytes() {
        return infoLong(INFO_BYTES_RECEIVED);
    }

    public int rttMicros() {
        return infoInt(INFO_RTT);
    }

    public long retransmits() {
        return Integer.toUnsignedLong(infoInt(INFO_TOTAL_RETRANS));
    }

    /**
     * Whether the handshake ever completed: an active open counts its own SYN among the acknowledged bytes, and an
     * accepted socket is born with a measured round trip. A close with linger 0 wipes the counts, but not the least
     * round trip, which is all ones until one was measured (net/ipv4/tcp.c, tcp_disconnect and tcp_init_sock).
     */
    public boolean established() {
        return infoLong(INFO_BYTES_ACKED) > 0 || receivedBytes() > 0 || infoInt(INFO_MIN_RTT) != -1;
    }

    /**
     * Which side opened the connection, where the kernel's own counters prove it, else null. The bytes acknowledged
     * ({@code tcpi_bytes_acked}, counted from {@code snd_una} in net/ipv4/tcp_input.c, tcp_snd_una_update) hold one for
     * the SYN of an active open; an accepted socket begins behind its SYN (net/ipv4/tcp_minisocks.c). The bytes sent
     * hold neither. So while this end has not sent its FIN, the two differ by one exactly on the side that asked, once
     * all that was sent is acknowledged. At the end a FIN may count one more, and what a reset threw away may count
     * less: then only a difference of two proves anything.
     */
    public @Nullable Role opener() {
        long beyondPayload = infoLong(INFO_BYTES_ACKED) - sentBytes();
        int state = state();
        if (state == CLOSE) {
            return beyondPayload == 2 ? Role.CLIENT : null;
        }
        if (state != ESTABLISHED && state != CLOSE_WAIT) {
            return null;
        }
        if (beyondPayload == 1) {
            return Role.CLIENT;
        }
        return beyondPayload == 0 && infoInt(INFO_UNACKED) == 0 ? Role.SERVER : null;
    }

    private long infoLong(int field) {
        attributes();
        return in.s64(info + field);
    }

    private int infoInt(int field) {
        attributes();
        return in.s32(info + field);
    }

    private boolean isV6() {
        return in.u8(at + AT_FAMILY) == Linux.AF_INET6;
    }

    private Address address(int where) {
        return isV6() ? new Address(in.network64(where), in.network64(where + 8)) : Address.ofV4(in.network32(where));
    }
}
