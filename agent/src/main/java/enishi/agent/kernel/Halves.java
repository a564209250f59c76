package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/**
 * Two hash maps that take turns: while programs write to one, the other is read empty, for a map that is read while it
 * is written loses counts. Which is written stands in a third map, NAME_now of NAME_a and NAME_b.
 */
final class Halves {
    private final Bpf bpf;
    private final Rows rows;
    private final int now;
    private final int[] maps;
    private final MemorySegment next;
    private int written;

    /** Whether the map that nobody writes may still hold something, for reading it was cut short. */
    private boolean left;

    /** Room for what is read at once. */
    record Rows(
            int most, long keyBytes, MemorySegment keys, long valueBytes, MemorySegment values, MemorySegment cursor) {
        static Rows of(Arena arena, int most, long keyBytes, long valueBytes) {
            return new Rows(
                    most,
                    keyBytes,
                    arena.allocate(most * keyBytes, 8),
                    valueBytes,
                    arena.allocate(most * valueBytes, 8),
                    arena.allocate(8, 8));
        }
    }

    Halves(Bpf bpf, LightSkeleton programs, String name, Rows rows, Arena arena) {
        this.bpf = bpf;
        this.rows = rows;
        now = programs.map(name + "_now");
        maps = new int[] {programs.map(name + "_a"), programs.map(name + "_b")};
        next = arena.allocate(JAVA_INT);
    }

    /**
     * Hands on everything written since the last time, key and value, valid only during the call.
     *
     * @throws KernelException if it was cut short; the rest is handed on the next time, nothing is lost
     */
    void drain(BiConsumer<MemorySegment, MemorySegment> into) throws KernelException {
        if (left) {
            empty(into);
        }
        next.set(JAVA_INT, 0, maps[1 - written]);
        bpf.update(now, next);
        written = 1 - written;
        left = true;
        empty(into);
    }

    private void empty(BiConsumer<MemorySegment, MemorySegment> into) throws KernelException {
        int[] count = new int[1];
        boolean first = true;
        boolean more = true;
        while (more) {
            count[0] = rows.most();
            more = bpf.take(maps[1 - written], rows.cursor(), first, rows.keys(), rows.values(), count);
            first = false;
            for (int i = 0; i < count[0]; i++) {
                into.accept(
                        rows.keys().asSlice(i * rows.keyBytes(), rows.keyBytes()),
                        rows.values().asSlice(i * rows.valueBytes(), rows.valueBytes()));
            }
        }
        left = false;
    }
}
