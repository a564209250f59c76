package enishi.agent.capture;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets known so far, by key: open addressing over flat arrays (Knuth, The Art of Computer Programming 6.4,
 * algorithm L, and R to remove), so that finding a socket again at the next poll allocates nothing.
 */
final class SocketTable {
    private long[] keys = new long[1024];
    private @Nullable Known[] slots = new Known[1024];
    private int size;

    /** A socket as last delivered, and which dump showed it last. */
    static final class Known {
        SocketSeen last;
        int dump;
        int polls;

        Known(SocketSeen last) {
            this.last = last;
        }
    }

    int size() {
        return size;
    }

    @Nullable Known get(long key) {
        for (int i = home(key); ; i = next(i)) {
            Known known = slots[i];
            if (known == null || keys[i] == key) {
                return known;
            }
        }
    }

    /** Adds a key that is not there. */
    void add(long key, Known known) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int i = home(key);
        while (slots[i] != null) {
            i = next(i);
        }
        keys[i] = key;
        slots[i] = known;
        size++;
    }

    /** Removes a key if it is there, and closes the hole by moving back what had been pushed on. */
    void remove(long key) {
        int hole = home(key);
        while (slots[hole] != null && keys[hole] != key) {
            hole = next(hole);
        }
        if (slots[hole] == null) {
            return;
        }
        size--;
        for (int i = next(hole); slots[i] != null; i = next(i)) {
            int home = home(keys[i]);
            boolean staysReachable = hole < i ? home > hole && home <= i : home > hole || home <= i;
            if (!staysReachable) {
                keys[hole] = keys[i];
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = null;
    }

    void forEach(Consumer<Known> each) {
        for (Known known : slots) {
            if (known != null) {
                each.accept(known);
            }
        }
    }

    private void grow() {
        SocketTable bigger = new SocketTable();
        bigger.keys = new long[keys.length * 2];
        bigger.slots = new Known[keys.length * 2];
        for (int i = 0; i < slots.length; i++) {
            Known known = slots[i];
            if (known != null) {
                bigger.add(keys[i], known);
            }
        }
        keys = bigger.keys;
        slots = bigger.slots;
    }

    private int home(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (keys.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (keys.length - 1);
    }
}
