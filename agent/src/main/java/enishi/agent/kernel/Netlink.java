package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A netlink socket (RFC 3549; include/uapi/linux/netlink.h), bound for life to the network namespace in which it was
 * opened. Used by one thread. Messages are read in place, never copied.
 */
final class Netlink implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final ReceivedWords words;
    private final int fd;

    private Netlink(int protocol, ReceivedWords words) throws KernelException {
        this.words = words;
        try {
            fd = libc.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, protocol);
        } catch (KernelException e) {
            arena.close();
            throw e;
        }
    }

    /** Opens a socket for questions about sockets. */
    static Netlink sockDiag(ReceivedWords words) throws KernelException {
        return new Netlink(Linux.NETLINK_SOCK_DIAG, words);
    }

    /** Opens a socket for questions about addresses. */
    static Netlink route(ReceivedWords words) throws KernelException {
        return new Netlink(Linux.NETLINK_ROUTE, words);
    }

    /** Opens a socket for questions about tracked connections, and for notices of them. */
    static Netlink netfilter(ReceivedWords words) throws KernelException {
        return new Netlink(Linux.NETLINK_NETFILTER, words);
    }

    /** Lets the kernel throw away what a classic BPF program returns 0 for, before it takes room here. */
    void filter(long[] program) throws KernelException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment instructions = scratch.allocateFrom(ValueLayout.JAVA_LONG, program);
            MemorySegment fprog = scratch.allocate(16, 8); // struct sock_fprog
            fprog.set(SHORT, 0, (short) program.length);
            fprog.set(ValueLayout.ADDRESS, 8, instructions);
            libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ATTACH_FILTER, fprog);
        }
    }

    /**
     * Joins multicast groups, with room for what arrives between two reads.
     *
     * @param roomBytes asked of the kernel beyond the usual bound, which takes CAP_NET_ADMIN, else within it
     */
    void join(int roomBytes, int... groups) throws KernelException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment room = Libc.intSegment(scratch, roomBytes);
            try {
                libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, room);
            } catch (KernelException e) {
                if (e.errno() != Errno.EPERM) {
                    throw e;
                }
                libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUF, room);
            }
            MemorySegment address = scratch.allocate(12, 4);
            address.set(SHORT, 0, (short) Linux.AF_NETLINK);
            libc.bind(fd, address);
            for (int group : groups) {
                libc.setsockopt(fd, Linux.SOL_NETLINK, Linux.NETLINK_ADD_MEMBERSHIP, Libc.intSegment(scratch, group));
            }
        }
    }

    /** What a message of a dump or a group is handed to: the bytes after its header, valid only during the call. */
    interface Messages {
        void message(int type, ReceivedWords in, int at, int bytes);
    }

    /** How a dump ended. */
    enum DumpEnd {
        WHOLE,
        /** The kernel's tables changed while it walked: entries may be missing or doubled. Dump again. */
        CHANGED_MEANWHILE
    }

    /**
     * Asks for a dump and hands on every message of the answer.
     *
     * @param type the request's type
     * @param request what follows the netlink header
     */
    DumpEnd dump(int type, byte[] request, Messages into) throws KernelException {
        send(type, Linux.NLM_F_REQUEST | Linux.NLM_F_DUMP, request);
        DumpReader reader = new DumpReader(into);
        while (!reader.done) {
            reader.read(libc.receive(fd, words.memory, 0));
        }
        return reader.interrupted ? DumpEnd.CHANGED_MEANWHILE : DumpEnd.WHOLE;
    }

    /** Asks for one thing and hands on the answer. */
    void ask(int type, byte[] request, Messages into) throws KernelException {
        send(type, Linux.NLM_F_REQUEST, request);
        new DumpReader(into).read(libc.receive(fd, words.memory, 0));
    }

    private void send(int type, int flags, byte[] request) throws KernelException {
        try (Arena scratch = Arena.ofConfined()) {
            int length = Linux.NLMSG_HEADER_BYTES + request.length;
            MemorySegment message = scratch.allocate(length, 4);
            message.set(INT, 0, length);
            message.set(SHORT, 4, (short) type);
            message.set(SHORT, 6, (short) flags);
            MemorySegment.copy(request, 0, message, JAVA_BYTE, Linux.NLMSG_HEADER_BYTES, request.length);
            libc.send(fd, message);
        }
    }

    /** How a drain ended. */
    enum DrainEnd {
        EMPTY,
        /** The kernel dropped messages since the last drain; /proc/net/netlink says how many. */
        OVERFLOWED
    }

    /** Hands on every group message that waits, and returns when none does. */
    DrainEnd drain(Messages into) throws KernelException {
        DrainEnd end = DrainEnd.EMPTY;
        while (true) {
            int length;
            try {
                length = libc.receive(fd, words.memory, Linux.MSG_DONTWAIT);
            } catch (KernelException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return end;
                }
                if (e.errno() != Errno.ENOBUFS) {
                    throw e;
                }
                end = DrainEnd.OVERFLOWED;
                continue;
            }
            new DumpReader(into).read(length);
        }
    }

    /** How many messages the kernel could not deliver here since the socket was opened (net/netlink, sk_drops). */
    long drops() throws KernelException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment info = scratch.allocate(4L * Linux.SK_MEMINFO_VARS, 4);
            libc.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_MEMINFO, info);
            return Integer.toUnsignedLong(info.getAtIndex(INT, Linux.SK_MEMINFO_DROPS));
        }
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }

    /** Walks the messages of one datagram after another. */
    private final class DumpReader {
        private final Messages into;
        private boolean done;
        private boolean interrupted;

        DumpReader(Messages into) {
            this.into = into;
        }

        void read(int received) throws KernelException {
            words.take(received);
            int at = 0;
            while (at + Linux.NLMSG_HEADER_BYTES <= received) {
                int length = words.s32(at);
                if (length < Linux.NLMSG_HEADER_BYTES || at + length > received) {
                    throw new KernelException(
                            "reading a netlink message of " + length + " bytes", Errno.EINVAL.number());
                }
                int type = words.u16(at + 4);
                interrupted |= (words.u16(at + 6) & Linux.NLM_F_DUMP_INTR) != 0;
                int body = at + Linux.NLMSG_HEADER_BYTES;
                if (type == Linux.NLMSG_DONE) {
                    done = true;
                } else if (type == Linux.NLMSG_ERROR) {
                    throw new KernelException("a netlink dump", -words.s32(body));
                } else {
                    into.message(type, words, body, length - Linux.NLMSG_HEADER_BYTES);
                }
                at += (length + 3) & ~3;
            }
        }
    }
}
