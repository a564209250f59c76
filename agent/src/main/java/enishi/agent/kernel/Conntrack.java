package enishi.agent.kernel;

import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * The translated connections of one network namespace, told by its connection tracking (ctnetlink). The kernel throws
 * away the notices of all others before they take room, by a classic BPF program on the socket. Used by one thread.
 */
public final class Conntrack implements AutoCloseable {
    static final int ROOM_BYTES = 32 << 20;
    private static final int RETURN_ALL = -1;
    private static final int MESSAGE_BYTES = 16 + Linux.NFGENMSG_BYTES;

    /**
     * Passes what has one of the bits of NAT in its CTA_STATUS, or has no CTA_STATUS; SKF_AD_NLATTR finds the
     * attribute of the type in X from the place in A on (Documentation/networking/filter.rst).
     */
    private static final long[] TRANSLATED_ALONE = {
        instruction(Linux.BPF_LD_IMM, 0, 0, MESSAGE_BYTES),
        instruction(Linux.BPF_LDX_IMM, 0, 0, Linux.CTA_STATUS),
        instruction(Linux.BPF_LD_WORD_ABS, 0, 0, Linux.SKF_AD_NLATTR),
        instruction(Linux.BPF_JEQ, 3, 0, 0),
        instruction(Linux.BPF_MISC_TAX, 0, 0, 0),
        instruction(Linux.BPF_LD_WORD_IND, 0, 0, 4),
        instruction(Linux.BPF_JSET, 0, 1, Linux.IPS_NAT_MASK),
        instruction(Linux.BPF_RET, 0, 0, RETURN_ALL),
        instruction(Linux.BPF_RET, 0, 0, 0)
    };

    private final Netlink questions;
    private final Netlink notices;
    private final int roomBytes;
    private boolean listening;
    private long malformed;
    private long passed;

    private Conntrack(Netlink questions, Netlink notices, int roomBytes) {
        this.questions = questions;
        this.notices = notices;
        this.roomBytes = roomBytes;
    }

    /** {@code struct sock_filter} as one number, in this machine's order. */
    private static long instruction(int code, int ifTrue, int ifFalse, int value) {
        long unsigned = Integer.toUnsignedLong(value);
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? (long) code | (long) ifTrue << 16 | (long) ifFalse << 24 | unsigned << 32
                : (long) code << 48 | (long) ifTrue << 40 | (long) ifFalse << 32 | unsigned;
    }

    /**
     * Opens the sockets of the namespace that the calling thread is in; another thread may use them.
     *
     * @throws KernelException where the kernel has no ctnetlink
     */
    public static Conntrack open(ReceivedWords words) throws KernelException {
        return open(words, ROOM_BYTES);
    }

    static Conntrack open(ReceivedWords words, int roomBytes) throws KernelException {
        Netlink questions = Netlink.netfilter(words);
        Netlink notices = null;
        boolean opened = false;
        try {
            notices = Netlink.netfilter(words);
            notices.filter(TRANSLATED_ALONE);
            Conntrack conntrack = new Conntrack(questions, notices, roomBytes);
            opened = true;
            return conntrack;
        } finally {
            if (!opened) {
                questions.close();
                if (notices != null) {
                    notices.close();
                }
            }
        }
    }

    /**
     * Has the kernel tell of every connection that begins from now on. From then on it writes a notice of each, and
     * throws those away of which the addresses were not translated: that costs the host.
     *
     * @return whether it did not before
     */
    public boolean listen() throws KernelException {
        boolean begins = !listening;
        if (begins) {
            notices.join(roomBytes, Linux.NFNLGRP_CONNTRACK_NEW);
            listening = true;
        }
        return begins;
    }

    public boolean isListening() {
        return listening;
    }

    /**
     * Hands on every translated connection that began since the last call, if it was listened to. {@link #drops()} says
     * of how many the kernel could not tell.
     */
    public void drain(Consumer<ConntrackEntry> sink) throws KernelException {
        notices.drain((type, in, at, bytes) -> {
            passed++;
            hand(in, at, bytes, type == Linux.IPCTNL_MSG_CT_NEW ? sink : entry -> {});
        });
    }

    /**
     * Hands on every translated connection that is tracked now, those that ended a while ago among them.
     *
     * @return how long it kept a processor busy, in nanoseconds
     * @throws KernelException without CAP_NET_ADMIN in the namespace
     */
    public long dump(Consumer<ConntrackEntry> sink) throws KernelException {
        long beganNanos = Libc.threadCpuNanos();
        questions.dump(
                Linux.IPCTNL_MSG_CT_GET,
                new byte[Linux.NFGENMSG_BYTES],
                (type, in, at, bytes) -> hand(in, at, bytes, sink));
        return Libc.threadCpuNanos() - beganNanos;
    }

    private void hand(ReceivedWords in, int at, int bytes, Consumer<ConntrackEntry> sink) {
        switch (ConntrackEntry.read(in, at, bytes)) {
            case ConntrackEntry.Reading.Entry read -> {
                if (read.entry().isTranslated()) {
                    sink.accept(read.entry());
                }
            }
            case ConntrackEntry.Reading.OtherProtocol other -> {}
            case ConntrackEntry.Reading.Malformed unread -> malformed++;
        }
    }

    /** How many notices the kernel had no room for since the start. */
    public long drops() throws KernelException {
        return notices.drops();
    }

    /** How many messages were not as the kernel's headers say. */
    public long malformed() {
        return malformed;
    }

    /** How many notices passed the kernel's filter. */
    long passed() {
        return passed;
    }

    @Override
    public void close() {
        questions.close();
        notices.close();
    }
}
