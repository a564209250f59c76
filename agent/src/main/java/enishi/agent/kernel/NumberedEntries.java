package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * The entries of a folder whose names are numbers, as {@code /proc} and {@code /proc/PID/fd} have them, read by
 * getdents64(2) and readlinkat(2). A walk over a hundred thousand descriptors makes no garbage. Used by one thread.
 */
public final class NumberedEntries implements AutoCloseable {
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle READLINKAT = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("readlinkat"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /** arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. */
    private static final long GETDENTS64 = System.getProperty("os.arch").equals("amd64") ? 217 : 61;

    /** {@code struct linux_dirent64} (include/linux/dirent.h). */
    static final int AT_LENGTH = 16;

    static final int AT_NAME = 19;
    private static final int ENTRIES_BYTES = 32 << 10;
    private static final int LINK_BYTES = 64;
    private static final byte[] SOCKET = "socket:[".getBytes(StandardCharsets.US_ASCII);

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment memory = arena.allocate(ENTRIES_BYTES + LINK_BYTES, 8);
    private final ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());

    /** Hands on each name that is a number. @throws KernelException if the folder cannot be opened */
    public void names(Path folder, LongConsumer each) throws KernelException {
        walk(folder, (descriptor, at) -> {
            long number = number(at, ENTRIES_BYTES);
            if (number >= 0) {
                each.accept(number);
            }
        });
    }

    /**
     * Hands on the inode of each link that reads {@code socket:[inode]}; a link that is gone meanwhile is passed over.
     *
     * @return how many links were read
     * @throws KernelException if the folder cannot be opened
     */
    public int sockets(Path folder, LongConsumer inode) throws KernelException {
        return walk(folder, (descriptor, at) -> {
            long length = call(() -> (long) READLINKAT.invokeExact(
                    descriptor, memory.address() + at, memory.address() + ENTRIES_BYTES, (long) LINK_BYTES));
            if (length > SOCKET.length && isSocket()) {
                inode.accept(number(ENTRIES_BYTES + SOCKET.length, ENTRIES_BYTES + (int) length));
            }
        });
    }

    private interface Entry {
        void at(int descriptor, int name);
    }

    private int walk(Path folder, Entry each) throws KernelException {
        int descriptor = libc.open(folder.toString(), Linux.O_CLOEXEC | Linux.O_DIRECTORY);
        int entries = 0;
        try {
            long length;
            while ((length = more(descriptor)) > 0) {
                for (int at = 0; at < length; at += Short.toUnsignedInt(bytes.getShort(at + AT_LENGTH))) {
                    if (isDigit(bytes.get(at + AT_NAME))) {
                        each.at(descriptor, at + AT_NAME);
                        entries++;
                    }
                }
            }
        } finally {
            libc.close(descriptor);
        }
        return entries;
    }

    /** Bytes of entries read; 0 at the end, and less when the process behind the folder has ended meanwhile. */
    private long more(int descriptor) {
        return call(() ->
                (long) SYSCALL.invokeExact(GETDENTS64, (long) descriptor, memory.address(), (long) ENTRIES_BYTES));
    }

    private interface Call {
        long run() throws Throwable;
    }

    private static long call(Call call) {
        try {
            return call.run();
        } catch (Throwable e) {
            throw new IllegalStateException("a system call could not be made", e);
        }
    }

    private boolean isSocket() {
        for (int i = 0; i < SOCKET.length; i++) {
            if (bytes.get(ENTRIES_BYTES + i) != SOCKET[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number that stands there, up to what is no digit; -1 if a name goes on after it. */
    private long number(int from, int end) {
        long number = 0;
        int at = from;
        while (at < end && isDigit(bytes.get(at))) {
            number = number * 10 + bytes.get(at) - '0';
            at++;
        }
        boolean isWhole = at >= end || bytes.get(at) == 0 || bytes.get(at) == ']';
        return isWhole ? number : -1;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    @Override
    public void close() {
        arena.close();
    }
}
