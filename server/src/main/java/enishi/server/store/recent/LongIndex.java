package enishi.server.store.recent;

import java.util.Arrays;

/**
 * Numbers from 0 on for 64-bit hashes, in the order in which they were added; open addressing: 16 to 32 bytes a value,
 * where a boxed map takes five times that. The values are hashes already, so their low bits choose the place.
 */
public final class LongIndex {
    private static final int NONE = -1;
    private long[] values = new long[1024];
    private int[] places = new int[2048];
    private int size;

    public LongIndex() {
        Arrays.fill(places, NONE);
    }

    public int size() {
        return size;
    }

    long value(int number) {
        return values[number];
    }

    /** The number of a value, or -1. */
    public int get(long value) {
        return places[place(value)];
    }

    /** Gives a value that has none the next number. */
    public int add(long value) {
        int place = place(value);
        if (places[place] != NONE) {
            throw new IllegalArgumentException(value + " has a number already");
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
            places = new int[values.length * 2];
            Arrays.fill(places, NONE);
            for (int number = 0; number < size; number++) {
                places[place(values[number])] = number;
            }
            place = place(value);
        }
        values[size] = value;
        places[place] = size;
        return size++;
    }

    /** Where the value's number stands, or the free place where it would: at least half of them are free. */
    private int place(long value) {
        int place = (int) value & (places.length - 1);
        while (places[place] != NONE && values[places[place]] != value) {
            place = (place + 1) & (places.length - 1);
        }
        return place;
    }
}
