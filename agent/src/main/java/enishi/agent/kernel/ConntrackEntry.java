package enishi.agent.kernel;

import enishi.model.Address;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the kernel's connection tracking tells it (net/netfilter/nf_conntrack_netlink.c): how it was asked
 * for, and the way its answers take. Where nothing was translated the one is the mirror of the other.
 *
 * @param protocol 6 TCP, 17 UDP; others are not read
 * @param client address of who asked, as seen here
 * @param asked address asked for
 * @param askedPort port asked for
 * @param server address that answers
 * @param serverPort port that answers
 * @param seenAs address that the answers go to: the client's as the server sees it
 */
public record ConntrackEntry(
        int protocol, Address client, Address asked, int askedPort, Address server, int serverPort, Address seenAs) {

    /** Whether anything but the client's ephemeral port was translated. */
    public boolean isTranslated() {
        return !client.equals(seenAs) || !asked.equals(server) || askedPort != serverPort;
    }

    /** What a message came to. */
    sealed interface Reading {
        record Entry(ConntrackEntry entry) implements Reading {}

        /** Of another protocol than TCP or UDP, which has no ports. */
        record OtherProtocol() implements Reading {}

        /** Not as the kernel's headers say. */
        record Malformed() implements Reading {}
    }

    /** Reads what follows the netlink header; nothing is thrown on any bytes. */
    static Reading read(ReceivedWords in, int at, int bytes) {
        Attributes all = new Attributes(in, at + Linux.NFGENMSG_BYTES, at + bytes);
        Attributes asked = all.nested(Linux.CTA_TUPLE_ORIG);
        Attributes answered = all.nested(Linux.CTA_TUPLE_REPLY);
        int protocol = asked.nested(Linux.CTA_TUPLE_PROTO).u8(Linux.CTA_PROTO_NUM);
        if (protocol < 0 || protocol != answered.nested(Linux.CTA_TUPLE_PROTO).u8(Linux.CTA_PROTO_NUM)) {
            return new Reading.Malformed();
        }
        if (protocol != Linux.IPPROTO_TCP && protocol != Linux.IPPROTO_UDP) {
            return new Reading.OtherProtocol();
        }
        Address client = source(asked);
        Address to = destination(asked);
        Address server = source(answered);
        Address seenAs = destination(answered);
        int askedPort = asked.nested(Linux.CTA_TUPLE_PROTO).port(Linux.CTA_PROTO_DST_PORT);
        int serverPort = answered.nested(Linux.CTA_TUPLE_PROTO).port(Linux.CTA_PROTO_SRC_PORT);
        if (client == null || to == null || server == null || seenAs == null || askedPort < 0 || serverPort < 0) {
            return new Reading.Malformed();
        }
        return new Reading.Entry(new ConntrackEntry(protocol, client, to, askedPort, server, serverPort, seenAs));
    }

    private static @Nullable Address source(Attributes tuple) {
        Attributes ip = tuple.nested(Linux.CTA_TUPLE_IP);
        Address v4 = ip.address(Linux.CTA_IP_V4_SRC, 4);
        return v4 == null ? ip.address(Linux.CTA_IP_V6_SRC, 16) : v4;
    }

    private static @Nullable Address destination(Attributes tuple) {
        Attributes ip = tuple.nested(Linux.CTA_TUPLE_IP);
        Address v4 = ip.address(Linux.CTA_IP_V4_DST, 4);
        return v4 == null ? ip.address(Linux.CTA_IP_V6_DST, 16) : v4;
    }

    /**
     * The attributes that stand between two places ({@code struct nlattr}, include/uapi/linux/netlink.h); none where
     * they are not well formed.
     */
    private record Attributes(ReceivedWords in, int from, int end) {
        private static final int HEADER_BYTES = 4;

        /** Where the value of an attribute begins, or -1 if it is not there or has fewer bytes. */
        private int find(int type, int bytesLeast) {
            for (int at = from; at + HEADER_BYTES <= end; at += (in.u16(at) + 3) & ~3) {
                int length = in.u16(at);
                if (length < HEADER_BYTES || at + length > end) {
                    return -1;
                }
                if ((in.u16(at + 2) & Linux.NLA_TYPE_MASK) == type) {
                    return length - HEADER_BYTES < bytesLeast ? -1 : at + HEADER_BYTES;
                }
            }
            return -1;
        }

        Attributes nested(int type) {
            int at = find(type, 0);
            return at < 0
                    ? new Attributes(in, end, end)
                    : new Attributes(in, at, at - HEADER_BYTES + in.u16(at - HEADER_BYTES));
        }

        int u8(int type) {
            int at = find(type, 1);
            return at < 0 ? -1 : in.u8(at);
        }

        int port(int type) {
            int at = find(type, 2);
            return at < 0 ? -1 : in.network16(at);
        }

        @Nullable Address address(int type, int bytes) {
            int at = find(type, bytes);
            if (at < 0) {
                return null;
            }
            return bytes == 4 ? Address.ofV4(in.network32(at)) : new Address(in.network64(at), in.network64(at + 8));
        }
    }
}
