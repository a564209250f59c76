package enishi.answer;

import java.time.Instant;
import java.util.List;

/**
 * What differs between two windows.
 *
 * @param items the differences, by client and server
 * @param more how many more there are
 * @param notes what the reader must know to read the items right, one sentence each
 */
public record Comparison(Told before, Told after, List<Change> items, int more, List<String> notes) {
    public Comparison {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    /**
     * One of the two windows and how complete what it tells is.
     *
     * @param from its start, inclusive
     * @param to its end, exclusive
     * @param precision how exactly its sums and what was present are known
     */
    public record Told(Instant from, Instant to, Precision precision, CoverageVerdict coverage) {}
}
