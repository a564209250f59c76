package enishi.server.store.duckdb;

/**
 * A set of 64-bit hashes, open addressing: 11 to 22 bytes a value, where a boxed set takes thrice that. The values are
 * hashes already, so their low bits choose the place.
 */
final class LongSet {
    private long[] places = new long[1024];
    private int size;
    private boolean hasZero;

    boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (!put(places, value)) {
            return false;
        }
        size++;
        if (size > places.length / 4 * 3) {
            grow();
        }
        return true;
    }

    boolean contains(long value) {
        return value == 0 ? hasZero : places[place(places, value)] != 0;
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        for (long value : places) {
            if (value != 0) {
                put(larger, value);
            }
        }
        places = larger;
    }

    private static boolean put(long[] places, long value) {
        int place = place(places, value);
        boolean free = places[place] == 0;
        places[place] = value;
        return free;
    }

    /** Where the value stands, or the free place where it would. */
    private static int place(long[] places, long value) {
        int place = (int) value & (places.length - 1);
        while (places[place] != 0 && places[place] != value) {
            place = (place + 1) & (places.length - 1);
        }
        return place;
    }
}
