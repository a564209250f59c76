package enishi.server.store.recent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Values that are the same for many rows, by a number from 0 on. */
final class Numbered<T> {
    /** What an entry takes beside its value. */
    private static final int OVERHEAD = 56;

    private final ToLongFunction<T> weight;
    private long bytes;
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    /** @param weight about how much memory a value takes */
    Numbered(ToLongFunction<T> weight) {
        this.weight = weight;
    }

    /** About how much memory they take. */
    long bytes() {
        return bytes;
    }

    /** The number of a value, the next one if it has none. */
    int of(T value) {
        Integer known = numbers.get(value);
        if (known == null) {
            known = values.size();
            numbers.put(value, known);
            values.add(value);
            bytes += OVERHEAD + weight.applyAsLong(value);
        }
        return known;
    }

    T get(int number) {
        return values.get(number);
    }

    int size() {
        return values.size();
    }
}
