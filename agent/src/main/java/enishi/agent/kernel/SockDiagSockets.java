package enishi.agent.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/** The sockets of one network namespace, asked of sock_diag (net/ipv4/inet_diag.c). Used by one thread. */
public final class SockDiagSockets implements AutoCloseable {
    /** Every state but TIME_WAIT, which has no process; never all ones: bit 13 adds a walk of the bind table. */
    private static final int STATES = 0x1FFE & ~(1 << 6);

    private static final int DUMPS_AT_MOST = 4;
    private static final int LISTENING = 1 << 10;

    private static final int CONNECTING = 1 << 2;
    private static final int ROOM_BYTES = 64 << 20;

    private final Netlink questions;
    private final Netlink notices;
    private final DiagSocket socket;
    private final boolean noticesClosed;

    private SockDiagSockets(ReceivedWords words, Netlink questions, Netlink notices, boolean noticesClosed) {
        socket = new DiagSocket(words);
        this.questions = questions;
        this.notices = notices;
        this.noticesClosed = noticesClosed;
    }

    /** Which closed sockets the kernel is to tell of ({@code enum sknetlink_groups}, uapi/linux/sock_diag.h). */
    public enum Notices {
        NONE,
        UDP,
        ALL;

        private int[] groups() {
            return switch (this) {
                case NONE -> new int[0];
                case UDP -> new int[] {2, 4};
                case ALL -> new int[] {1, 2, 3, 4};
            };
        }
    }

    /** Opens the sockets of the namespace that the calling thread is in. */
    public static SockDiagSockets open(ReceivedWords words, Notices wanted) throws KernelException {
        Netlink questions = Netlink.sockDiag(words);
        try {
            Netlink notices = Netlink.sockDiag(words);
            boolean joined = wanted != Notices.NONE;
            try {
                if (joined) {
                    notices.join(ROOM_BYTES, wanted.groups());
                }
            } catch (KernelException e) {
                if (e.errno() != Errno.EPERM) {
                    notices.close();
                    throw e;
                }
                joined = false;
            }
            return new SockDiagSockets(words, questions, notices, joined);
        } catch (KernelException e) {
            questions.close();
            throw e;
        }
    }

    /** Whether the kernel tells of each closed socket; it takes CAP_NET_ADMIN to be told. */
    public boolean noticesClosed() {
        return noticesClosed;
    }

    /**
     * Hands on every TCP socket, v4 and v6, listeners first.
     *
     * @param counters whether to ask for the counters too
     */
    public void tcp(boolean counters, Consumer<DiagSocket> sink) throws KernelException {
        tcp(STATES, counters, sink);
    }

    /** Hands on every listening TCP socket, v4 and v6: a walk of few sockets, whatever is connected. */
    public void tcpListeners(Consumer<DiagSocket> sink) throws KernelException {
        tcp(LISTENING, false, sink);
    }

    /** How many TCP sockets are asking and have no answer yet. */
    public long connecting() throws KernelException {
        long[] count = new long[1];
        tcp(CONNECTING, false, each -> count[0]++);
        return count[0];
    }

    private void tcp(int states, boolean counters, Consumer<DiagSocket> sink) throws KernelException {
        byte[] request = ByteBuffer.allocate(60)
                .order(ByteOrder.nativeOrder())
                .put((byte) Linux.AF_INET)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) (counters ? 1 << (Linux.INET_DIAG_INFO - 1) : 0))
                .putInt(52, states)
                .array();
        dump(Linux.TCPDIAG_GETSOCK, request, sink);
    }

    /** Hands on every UDP socket, v4 and v6. */
    public void udp(Consumer<DiagSocket> sink) throws KernelException {
        for (int family : List.of(Linux.AF_INET, Linux.AF_INET6)) {
            byte[] request = ByteBuffer.allocate(56)
                    .order(ByteOrder.nativeOrder())
                    .put((byte) family)
                    .put((byte) Linux.IPPROTO_UDP)
                    .putInt(4, -1)
                    .array();
            dump(Linux.SOCK_DIAG_BY_FAMILY, request, sink);
        }
    }

    /** Hands on every unix socket. @return how long it kept a processor busy, in nanoseconds */
    public long unix(Consumer<UnixSocket> sink) throws KernelException {
        long beganNanos = Libc.threadCpuNanos();
        byte[] request = ByteBuffer.allocate(24)
                .order(ByteOrder.nativeOrder())
                .put((byte) Linux.AF_UNIX)
                .putInt(4, -1)
                .putInt(12, Linux.UDIAG_SHOW_NAME_VFS_PEER)
                .array();
        questions.dump(
                Linux.SOCK_DIAG_BY_FAMILY,
                request,
                (kind, in, at, bytes) -> UnixSocket.read(in, at, bytes).ifPresent(sink));
        return Libc.threadCpuNanos() - beganNanos;
    }

    private void dump(int type, byte[] request, Consumer<DiagSocket> sink) throws KernelException {
        for (int i = 0; i < DUMPS_AT_MOST; i++) {
            Netlink.DumpEnd end = questions.dump(type, request, (kind, in, at, bytes) -> hand(at, bytes, sink));
            if (end == Netlink.DumpEnd.WHOLE) {
                return;
            }
        }
    }

    /**
     * Hands on every socket closed since the last call.
     *
     * @return whether the kernel had to drop some; {@link #drops()} says how many
     */
    public boolean closed(Consumer<DiagSocket> sink) throws KernelException {
        return noticesClosed
                && notices.drain((kind, in, at, bytes) -> hand(at, bytes, sink)) == Netlink.DrainEnd.OVERFLOWED;
    }

    private void hand(int at, int bytes, Consumer<DiagSocket> sink) {
        if (socket.read(at, bytes)) {
            sink.accept(socket);
        }
    }

    /** How many closed sockets the kernel had no room to tell of since the start. */
    public long drops() throws KernelException {
        return notices.drops();
    }

    @Override
    public void close() {
        questions.close();
        notices.close();
    }
}
