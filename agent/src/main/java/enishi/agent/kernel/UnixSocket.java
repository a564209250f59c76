package enishi.agent.kernel;

import java.util.Optional;

/**
 * One unix socket of a dump: {@code struct unix_diag_msg} and its attributes (include/uapi/linux/unix_diag.h).
 *
 * @param type 1 stream, 2 datagram, 5 seqpacket
 * @param state 10 listening, 1 connected, 7 neither (include/net/tcp_states.h)
 * @param inode its own on sockfs; 0 before it is accepted
 * @param cookie the kernel's own number for the socket
 * @param file the file it is bound to, or {@link SocketFile#NONE}
 * @param peer inode on sockfs of the socket at the other end; 0 for none
 * @param name a path as it was bound, an abstract name, which begins with a NUL, or nothing
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
public record UnixSocket(int type, int state, long inode, long cookie, SocketFile file, long peer, byte[] name) {
    static final int MESSAGE_BYTES = 16;
    static final int AT_TYPE = 1;
    static final int AT_STATE = 2;
    static final int AT_INODE = 4;
    static final int AT_COOKIE = 8;
    private static final int DATAGRAM = 2;
    private static final int LISTENING = 10;
    private static final int NAME_MAX = 108;

    public boolean isListening() {
        return state == LISTENING;
    }

    public boolean isDatagram() {
        return type == DATAGRAM;
    }

    /** Reads one message as far as it is well formed; nothing is thrown on any bytes. */
    static Optional<UnixSocket> read(ReceivedWords in, int at, int bytes) {
        if (bytes < MESSAGE_BYTES) {
            return Optional.empty();
        }
        SocketFile file = SocketFile.NONE;
        long peer = 0;
        byte[] name = {};
        int attribute = at + MESSAGE_BYTES;
        while (attribute + 4 <= at + bytes) {
            int length = in.u16(attribute);
            if (length < 4 || attribute + length > at + bytes) {
                break;
            }
            int value = attribute + 4;
            int type = in.u16(attribute + 2);
            if (type == Linux.UNIX_DIAG_NAME) {
                name = bytes(in, value, Math.min(length - 4, NAME_MAX));
            } else if (type == Linux.UNIX_DIAG_VFS && length >= 12) {
                file = new SocketFile(unsigned(in, value + 4), unsigned(in, value));
            } else if (type == Linux.UNIX_DIAG_PEER && length >= 8) {
                peer = unsigned(in, value);
            }
            attribute += (length + 3) & ~3;
        }
        return Optional.of(new UnixSocket(
                in.u8(at + AT_TYPE),
                in.u8(at + AT_STATE),
                unsigned(in, at + AT_INODE),
                in.s64(at + AT_COOKIE),
                file,
                peer,
                name));
    }

    private static long unsigned(ReceivedWords in, int at) {
        return Integer.toUnsignedLong(in.s32(at));
    }

    /** A path ends at its first NUL; the kernel tells that too. */
    private static byte[] bytes(ReceivedWords in, int at, int length) {
        int end = 0;
        boolean isPath = length > 0 && in.u8(at) != 0;
        while (end < length && !(isPath && in.u8(at + end) == 0)) {
            end++;
        }
        byte[] bytes = new byte[end];
        for (int i = 0; i < end; i++) {
            bytes[i] = (byte) in.u8(at + i);
        }
        return bytes;
    }
}
