package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commands of bpf(2) (include/uapi/linux/bpf.h), one thin method each. Belongs to one thread at a time. */
final class Bpf {
    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int PROG_RUN = 10;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int MAP_LOOKUP_AND_DELETE_BATCH = 25;
    private static final int LINK_CREATE = 28;
    private static final int ITER_CREATE = 33;
    private static final int ARRAY = 2;
    private static final int PROGRAM_OF_SYSCALLS = 31;
    private static final int SLEEPABLE = 1 << 4;
    private static final int ATTRIBUTES_BYTES = 144;
    static final int INSTRUCTION_BYTES = 8;

    /** Where a program is attached, {@code enum bpf_attach_type}. */
    enum Attach {
        UDP4_SENDMSG(14),
        UDP6_SENDMSG(15),
        UDP4_RECVMSG(19),
        UDP6_RECVMSG(20),
        TRACE_ITER(28),
        SOCK_RELEASE(34),
        UNIX_CONNECT(49),
        UNIX_SENDMSG(50);

        private final int number;

        Attach(int number) {
            this.number = number;
        }
    }

    private final Libc libc;

    Bpf(Libc libc) {
        this.libc = libc;
    }

    /** Fills {@code union bpf_attr}. */
    private interface Filling {
        void fill(MemorySegment attributes, Arena arena);
    }

    private int call(int command, String tried, Filling filling) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 8);
            filling.fill(attributes, arena);
            return libc.bpf(command, attributes, tried);
        }
    }

    /** An array map of one value of that size. @return its descriptor */
    int array(String name, int valueBytes) throws KernelException {
        return call(MAP_CREATE, "making a BPF map", (attributes, arena) -> {
            attributes.set(JAVA_INT, 0, ARRAY);
            attributes.set(JAVA_INT, 4, 4);
            attributes.set(JAVA_INT, 8, valueBytes);
            attributes.set(JAVA_INT, 12, 1);
            name(attributes, 28, name);
        });
    }

    /** Sets the value at index 0 of a map whose keys are indexes. */
    void update(int map, MemorySegment value) throws KernelException {
        call(MAP_UPDATE_ELEM, "writing to a BPF map", (attributes, arena) -> element(attributes, arena, map, value));
    }

    /** Reads the value at index 0 of a map whose keys are indexes. */
    void lookup(int map, MemorySegment value) throws KernelException {
        call(MAP_LOOKUP_ELEM, "reading a BPF map", (attributes, arena) -> element(attributes, arena, map, value));
    }

    /** A value of each processor that may ever be there is read, as {@code 0-1} says it (sysfs-devices-system-cpu). */
    static int possibleProcessors() {
        try {
            String range = Files.readString(Path.of("/sys/devices/system/cpu/possible"))
                    .strip();
            String last = range.substring(Math.max(range.lastIndexOf('-'), range.lastIndexOf(',')) + 1);
            return Integer.parseInt(last) + 1;
        } catch (IOException e) {
            throw new IllegalStateException("how many processors there may be cannot be read", e);
        }
    }

    /** The sum of what each processor counted, of a map of one number; the segment has room for all processors'. */
    long sum(int map, MemorySegment perProcessor) throws KernelException {
        lookup(map, perProcessor);
        long sum = 0;
        for (long at = 0; at < perProcessor.byteSize(); at += Long.BYTES) {
            sum += perProcessor.get(JAVA_LONG, at);
        }
        return sum;
    }

    private static void element(MemorySegment attributes, Arena arena, int map, MemorySegment value) {
        attributes.set(JAVA_INT, 0, map);
        attributes.set(JAVA_LONG, 8, arena.allocate(JAVA_INT).address());
        attributes.set(JAVA_LONG, 16, value.address());
    }

    /**
     * One step of reading a hash map empty.
     *
     * @param cursor where the walk is; 4 bytes, meaningful to the kernel alone
     * @param first whether the walk begins
     * @param count how many there is room for; then how many were read
     * @return whether there is more
     */
    boolean take(int map, MemorySegment cursor, boolean first, MemorySegment keys, MemorySegment values, int[] count)
            throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 8);
            attributes.set(JAVA_LONG, 0, first ? 0 : cursor.address());
            attributes.set(JAVA_LONG, 8, cursor.address());
            attributes.set(JAVA_LONG, 16, keys.address());
            attributes.set(JAVA_LONG, 24, values.address());
            attributes.set(JAVA_INT, 32, count[0]);
            attributes.set(JAVA_INT, 36, map);
            boolean more = true;
            try {
                libc.bpf(MAP_LOOKUP_AND_DELETE_BATCH, attributes, "draining a BPF map");
            } catch (KernelException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
                more = false;
            }
            count[0] = attributes.get(JAVA_INT, 32);
            return more;
        }
    }

    /** Loads a program that may call bpf(2) itself; its instructions name the map by index 0. */
    int loader(byte[] instructions, int map) throws KernelException {
        return call(PROG_LOAD, "loading the BPF loader", (attributes, arena) -> {
            attributes.set(JAVA_INT, 0, PROGRAM_OF_SYSCALLS);
            attributes.set(JAVA_INT, 4, instructions.length / INSTRUCTION_BYTES);
            attributes.set(JAVA_LONG, 8, copy(arena, instructions).address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("Dual BSD/GPL").address());
            attributes.set(JAVA_INT, 44, SLEEPABLE);
            name(attributes, 48, "enishi_loader");
            attributes.set(JAVA_LONG, 120, Libc.intSegment(arena, map).address());
        });
    }

    static MemorySegment copy(Arena arena, byte[] bytes) {
        MemorySegment copy = arena.allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    /** Runs a program on a context. @return what it returned, an error number below 0 */
    int run(int program, MemorySegment context) throws KernelException {
        int[] returned = new int[1];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 40, (int) context.byteSize());
            attributes.set(JAVA_LONG, 48, context.address());
            libc.bpf(PROG_RUN, attributes, "running the BPF loader");
            returned[0] = attributes.get(JAVA_INT, 4);
        }
        return returned[0];
    }

    /** Attaches a program to the tracepoint it was compiled for. @return a descriptor that holds it there */
    int tracepoint(int program) throws KernelException {
        return call(
                RAW_TRACEPOINT_OPEN,
                "attaching a BPF program to a tracepoint",
                (attributes, arena) -> attributes.set(JAVA_INT, 8, program));
    }

    /** Attaches a program to a cgroup, or to nothing for an iterator. @return a descriptor that holds it there */
    int link(int program, int target, Attach to) throws KernelException {
        return call(LINK_CREATE, "attaching a BPF program to " + to, (attributes, arena) -> {
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 4, target);
            attributes.set(JAVA_INT, 8, to.number);
        });
    }

    /** Begins a walk. @return a descriptor; reading it walks */
    int iterator(int link) throws KernelException {
        return call(
                ITER_CREATE,
                "beginning a walk over open files",
                (attributes, arena) -> attributes.set(JAVA_INT, 0, link));
    }

    private static void name(MemorySegment attributes, int at, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, attributes, JAVA_BYTE, at, bytes.length);
    }
}
