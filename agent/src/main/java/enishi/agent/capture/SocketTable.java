package enishi.agent.capture;

import java.util.function.LongConsumer;

/**
 * The sockets followed, by key: open addressing over flat columns (Knuth, The Art of Computer Programming 6.4,
 * algorithm L, and R to remove), so that finding a socket again at the next poll allocates nothing and touches two
 * places in memory. About 30 bytes a slot, at most three quarters of the slots taken.
 */
final class SocketTable {
    /** What {@link #slot} gives for a key that is not there. */
    static final int NONE = -1;

    private long[] keys = new long[1024];

    /** State, peer, and whether it has an inode: what a dump compares. Never 0, which marks a free slot. */
    private long[] faces = new long[1024];

    private long[] counters = new long[1024];
    private int[] dumps = new int[1024];
    private int[] namespaces = new int[1024];
    private int size;

    int size() {
        return size;
    }

    /** The slot of a key; good until the next {@link #add} or {@link #remove}. */
    int slot(long key) {
        int i = home(key);
        while (faces[i] != 0) {
            if (keys[i] == key) {
                return i;
            }
            i = next(i);
        }
        return NONE;
    }

    long face(int slot) {
        return faces[slot];
    }

    void face(int slot, long face) {
        faces[slot] = face;
    }

    /** A digest of the counters last told, 0 for none. */
    long counters(int slot) {
        return counters[slot];
    }

    void counters(int slot, long digest) {
        counters[slot] = digest;
    }

    /** Marks the dump that shows the socket. */
    void shown(int slot, int dump) {
        dumps[slot] = dump;
    }

    /** Adds a key that is not there. */
    void add(long key, long face, int dump, int namespace) {
        if ((size + 1) * 4L > keys.length * 3L) {
            grow();
        }
        int i = home(key);
        while (faces[i] != 0) {
            i = next(i);
        }
        keys[i] = key;
        faces[i] = face;
        counters[i] = 0;
        dumps[i] = dump;
        namespaces[i] = namespace;
        size++;
    }

    /** Removes a key if it is there, and closes the hole by moving back what had been pushed on. */
    void remove(long key) {
        int hole = slot(key);
        if (hole == NONE) {
            return;
        }
        size--;
        for (int i = next(hole); faces[i] != 0; i = next(i)) {
            int home = home(keys[i]);
            boolean staysReachable = hole < i ? home > hole && home <= i : home > hole || home <= i;
            if (!staysReachable) {
                move(i, hole);
                hole = i;
            }
        }
        faces[hole] = 0;
    }

    private void move(int from, int to) {
        keys[to] = keys[from];
        faces[to] = faces[from];
        counters[to] = counters[from];
        dumps[to] = dumps[from];
        namespaces[to] = namespaces[from];
    }

    /** Hands on every key that no dump since this one has shown. */
    void unseenSince(int dump, LongConsumer key) {
        for (int i = 0; i < faces.length; i++) {
            if (faces[i] != 0 && dumps[i] < dump) {
                key.accept(keys[i]);
            }
        }
    }

    /** Hands on every key of a namespace. */
    void of(int namespace, LongConsumer key) {
        for (int i = 0; i < faces.length; i++) {
            if (faces[i] != 0 && namespaces[i] == namespace) {
                key.accept(keys[i]);
            }
        }
    }

    private void grow() {
        SocketTable bigger = new SocketTable();
        int slots = keys.length * 2;
        bigger.keys = new long[slots];
        bigger.faces = new long[slots];
        bigger.counters = new long[slots];
        bigger.dumps = new int[slots];
        bigger.namespaces = new int[slots];
        for (int i = 0; i < faces.length; i++) {
            if (faces[i] != 0) {
                bigger.add(keys[i], faces[i], dumps[i], namespaces[i]);
                bigger.counters(bigger.slot(keys[i]), counters[i]);
            }
        }
        keys = bigger.keys;
        faces = bigger.faces;
        counters = bigger.counters;
        dumps = bigger.dumps;
        namespaces = bigger.namespaces;
    }

    private int home(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (keys.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (keys.length - 1);
    }
}
