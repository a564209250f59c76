package enishi.agent.fold;

import org.jspecify.annotations.Nullable;

/**
 * Values by a long key: open addressing over two arrays (Knuth, The Art of Computer Programming 6.4, algorithm L, and R
 * to remove), a sixth of what a {@code HashMap} of boxed keys takes.
 */
final class LongMap<V> {
    private long[] keys = new long[64];
    private @Nullable Object[] values = new Object[64];
    private int size;

    int size() {
        return size;
    }

    @Nullable V get(long key) {
        return at(find(key));
    }

    /** Adds a key that is not there. */
    void add(long key, V value) {
        if ((size + 1) * 4L > keys.length * 3L) {
            grow();
        }
        int i = find(key);
        keys[i] = key;
        values[i] = value;
        size++;
    }

    /** Removes a key. @return what it stood for, or null if it was not there */
    @Nullable V remove(long key) {
        int hole = find(key);
        V removed = at(hole);
        if (removed == null) {
            return null;
        }
        size--;
        for (int i = next(hole); values[i] != null; i = next(i)) {
            int home = home(keys[i]);
            boolean staysReachable = hole < i ? home > hole && home <= i : home > hole || home <= i;
            if (!staysReachable) {
                keys[hole] = keys[i];
                values[hole] = values[i];
                hole = i;
            }
        }
        values[hole] = null;
        return removed;
    }

    @SuppressWarnings("unchecked")
    private @Nullable V at(int i) {
        return (V) values[i];
    }

    /** Where the key is, or would be added. */
    private int find(long key) {
        int i = home(key);
        while (values[i] != null && keys[i] != key) {
            i = next(i);
        }
        return i;
    }

    private void grow() {
        LongMap<V> bigger = new LongMap<>();
        bigger.keys = new long[keys.length * 2];
        bigger.values = new Object[keys.length * 2];
        for (int i = 0; i < keys.length; i++) {
            V value = at(i);
            if (value != null) {
                bigger.add(keys[i], value);
            }
        }
        keys = bigger.keys;
        values = bigger.values;
    }

    private int home(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (keys.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (keys.length - 1);
    }
}
