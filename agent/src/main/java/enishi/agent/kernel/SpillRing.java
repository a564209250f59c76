package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * A BPF ring buffer (kernel/bpf/ringbuf.c; Documentation/bpf/ringbuf.rst), read when it suits: nobody is woken. Its
 * producer writes a record's length last, and the reader's position last of all, hence acquire and release.
 */
final class SpillRing {
    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();
    private static final int PAGE_BYTES = 4096;
    private static final int HEADER_BYTES = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private final Libc libc;
    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final long mask;

    /** Shares the memory of a ring with that many bytes, a power of two. */
    SpillRing(Libc libc, int map, int bytes) throws KernelException {
        this.libc = libc;
        mask = bytes - 1L;
        consumer = libc.map(map, Linux.PROT_READ | Linux.PROT_WRITE, 0, PAGE_BYTES);
        producer = libc.map(map, Linux.PROT_READ, PAGE_BYTES, PAGE_BYTES + 2L * bytes);
    }

    /** Hands on every record that waits, valid only during the call; the ring is mapped twice, so none is torn. */
    void drain(Consumer<MemorySegment> into) {
        long at = (long) POSITION.getAcquire(consumer, 0L);
        long end = (long) POSITION.getAcquire(producer, 0L);
        while (at < end) {
            long record = PAGE_BYTES + (at & mask);
            int length = (int) LENGTH.getAcquire(producer, record);
            if ((length & BUSY) != 0) {
                return; // it and what follows waits for the next time
            }
            int bytes = length & ~(BUSY | DISCARDED);
            if ((length & DISCARDED) == 0) {
                into.accept(producer.asSlice(record + HEADER_BYTES, bytes));
            }
            at += (bytes + HEADER_BYTES + 7) & ~7;
            POSITION.setRelease(consumer, 0L, at);
        }
    }

    void close() throws KernelException {
        libc.unmap(consumer);
        libc.unmap(producer);
    }
}
