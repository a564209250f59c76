package enishi.answer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every question is answered with.
 *
 * @param from start of the window asked about, inclusive
 * @param to its end, exclusive
 * @param items the answer itself; empty is an answer too
 * @param next cursor of the following page, or null at the end
 * @param precision how exactly the sums and the presence of the window are known
 * @param notes what the reader must know to read the items right, one sentence each
 * @param coverage how complete the answer is
 */
public record Answer<T>(
        Instant from,
        Instant to,
        List<T> items,
        @Nullable String next,
        Precision precision,
        List<String> notes,
        CoverageVerdict coverage) {
    public Answer {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }
}
