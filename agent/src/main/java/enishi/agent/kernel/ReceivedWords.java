package enishi.agent.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where netlink messages are received: one for all sockets of a thread, so that a thousand network namespaces cost no
 * more memory than one. The kernel fills 32 KiB at a time (net/netlink/af_netlink.c, netlink_recvmsg).
 *
 * <p>Everything in a netlink message stands on a multiple of four bytes (include/uapi/linux/netlink.h, NLMSG_ALIGN), so
 * what was received is copied into an array of 32-bit words and read there: of all ways to look at memory from outside
 * the heap, the one that the JVM's first compiler makes fast. Positions are in bytes.
 */
public final class ReceivedWords {
    private static final int BYTES = 64 << 10;
    private static final long LOW = 0xffff_ffffL;
    private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    private final int[] words = new int[BYTES / 4];

    /** For system calls to write into. */
    final MemorySegment memory = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(BYTES));

    /** Makes the first bytes of the memory readable here. */
    void take(int bytes) {
        MemorySegment.copy(memory, ValueLayout.JAVA_INT_UNALIGNED, 0, words, 0, (Math.min(bytes, BYTES) + 3) / 4);
    }

    int u8(int at) {
        int shift = (at & 3) * 8;
        return words[at >> 2] >>> (BIG_ENDIAN ? 24 - shift : shift) & 0xff;
    }

    int u16(int at) {
        int shift = (at & 2) * 8;
        return words[at >> 2] >>> (BIG_ENDIAN ? 16 - shift : shift) & 0xffff;
    }

    int s32(int at) {
        return words[at >> 2];
    }

    long s64(int at) {
        long first = words[at >> 2];
        long second = words[(at >> 2) + 1];
        return BIG_ENDIAN ? (first << 32) | (second & LOW) : (second << 32) | (first & LOW);
    }

    /** 16 bits in the network's order. */
    int network16(int at) {
        int value = u16(at);
        return BIG_ENDIAN ? value : Integer.reverseBytes(value) >>> 16;
    }

    /** 32 bits in the network's order. */
    int network32(int at) {
        int value = words[at >> 2];
        return BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    /** 64 bits in the network's order. */
    long network64(int at) {
        return ((long) network32(at) << 32) | (network32(at + 4) & LOW);
    }
}
