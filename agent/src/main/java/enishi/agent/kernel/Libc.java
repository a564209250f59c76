package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's system calls, one thin method each. An instance belongs to one thread at a time: it holds the segment
 * into which errno is captured. EINTR means again; every other error is a {@link KernelException}.
 */
final class Libc {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET =
            call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            call("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            call("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SEND =
            call("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MMAP = call(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle GETTID = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("gettid"), FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle CLOCK_GETTIME = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle OPENAT2 = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle OPEN = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("open"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(2));

    private final MemorySegment state;

    Libc(Arena arena) {
        state = arena.allocate(STATE);
    }

    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    int socket(int family, int type, int protocol) throws KernelException {
        return repeat("opening a socket", () -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    void bind(int fd, MemorySegment address) throws KernelException {
        repeat("binding a socket", () -> (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    void setsockopt(int fd, int level, int option, MemorySegment value) throws KernelException {
        repeat("setting socket option " + option, () ->
                (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize()));
    }

    /** Fills the segment; the kernel may fill less of it. */
    void getsockopt(int fd, int level, int option, MemorySegment value) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = intSegment(arena, (int) value.byteSize());
            repeat("reading socket option " + option, () ->
                    (int) GETSOCKOPT.invokeExact(state, fd, level, option, value, length));
        }
    }

    void send(int fd, MemorySegment message) throws KernelException {
        repeat("sending a netlink request", () ->
                (int) (long) SEND.invokeExact(state, fd, message, message.byteSize(), 0));
    }

    /** Bytes received into the segment; with {@link Linux#MSG_TRUNC} the message's true length. */
    int receive(int fd, MemorySegment into, int flags) throws KernelException {
        return repeat(
                "receiving from netlink", () -> (int) (long) RECV.invokeExact(state, fd, into, into.byteSize(), flags));
    }

    int open(String path, int flags) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(path);
            return repeat("opening " + path, () -> (int) OPEN.invokeExact(state, text, flags));
        }
    }

    /** Opens by openat2(2) with a {@code struct open_how}. */
    int open(int folder, MemorySegment path, MemorySegment how, String tried) throws KernelException {
        return repeat(
                tried, () -> (int) (long) OPENAT2.invokeExact(state, Linux.OPENAT2, folder, path, how, how.byteSize()));
    }

    /** Bytes read into the segment; 0 at the end. */
    int read(int fd, MemorySegment into, String tried) throws KernelException {
        return repeat(tried, () -> (int) (long) READ.invokeExact(state, fd, into, into.byteSize()));
    }

    /** Calls bpf(2) with a {@code union bpf_attr}. */
    int bpf(int command, MemorySegment attributes, String tried) throws KernelException {
        return repeat(tried, () ->
                (int) (long) SYSCALL.invokeExact(state, Linux.BPF, (long) command, attributes, attributes.byteSize()));
    }

    /** Shares memory with a descriptor; the caller gives it back by {@link #unmap}. */
    MemorySegment map(int fd, int protection, long offset, long bytes) throws KernelException {
        long address;
        try {
            address = (long) MMAP.invokeExact(state, 0L, bytes, protection, Linux.MAP_SHARED, fd, offset);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap could not be called", e);
        }
        if (address == -1) {
            throw new KernelException("sharing memory with the kernel", (int) ERRNO.get(state, 0L));
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    void unmap(MemorySegment memory) throws KernelException {
        repeat("giving shared memory back", () -> (int) MUNMAP.invokeExact(state, memory.address(), memory.byteSize()));
    }

    /** The kernel's number of the calling thread. */
    static int threadId() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("gettid could not be called", e);
        }
    }

    /** How long the calling thread has run on a processor so far, user and kernel together, in nanoseconds. */
    static long threadCpuNanos() {
        return nanos(Linux.CLOCK_THREAD_CPUTIME_ID);
    }

    /** The time that programs in the kernel read (bpf-helpers(7), bpf_ktime_get_ns), in nanoseconds. */
    static long monotonicNanos() {
        return nanos(Linux.CLOCK_MONOTONIC);
    }

    private static long nanos(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
            assert failed == 0 : "every thread has that clock";
            return time.get(JAVA_LONG, 0) * 1_000_000_000L + time.get(JAVA_LONG, 8);
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime could not be called", e);
        }
    }

    void setns(int fd, int kind) throws KernelException {
        repeat("entering a network namespace", () -> (int) SETNS.invokeExact(state, fd, kind));
    }

    /** Closes a descriptor. Linux frees it whatever close returns, so an error changes nothing. */
    void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(state, fd);
        } catch (Throwable e) {
            throw new IllegalStateException("close could not be called", e);
        }
    }

    /** A downcall that returns -1 on error. */
    private interface Call {
        int run() throws Throwable;
    }

    private int repeat(String tried, Call call) throws KernelException {
        while (true) {
            int result;
            try {
                result = call.run();
            } catch (Throwable e) {
                throw new IllegalStateException(tried + " could not be called", e);
            }
            if (result >= 0) {
                return result;
            }
            int number = (int) ERRNO.get(state, 0L);
            if (Errno.of(number) != Errno.EINTR) {
                throw new KernelException(tried, number);
            }
        }
    }

    static MemorySegment intSegment(Arena arena, int value) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, value);
    }
}
