package enishi.lab;

import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Which seconds coverage calls watched, and which of these a run of the agent watched in part: its first poll fell in
 * the middle of one, and so did the last poll that reached the disk before it was killed; what that poll was the first
 * to see may have been opened in the second before.
 */
final class Watched {
    private final NavigableSet<Long> seconds;
    private final Set<Long> inPart = new HashSet<>();
    private final List<Run> runs;

    /** One run of the agent, in seconds since the epoch. */
    record Run(long from, long to) {}

    /** How much of a second. */
    enum Part {
        NOT,
        IN_PART,
        WHOLE
    }

    Watched(NavigableSet<Long> seconds, List<Run> runs) {
        this.seconds = seconds;
        this.runs = runs;
        for (Run run : runs) {
            first(run.from());
            last(run.to());
        }
    }

    Part of(long second) {
        if (!seconds.contains(second)) {
            return Part.NOT;
        }
        return inPart.contains(second) ? Part.IN_PART : Part.WHOLE;
    }

    /** What surrounds a second, for people. */
    String around(long second) {
        return "watched " + seconds.subSet(second - 6, true, second + 6, true) + ", "
                + runs.stream()
                        .filter(each -> Math.abs(each.from() - second) < 7 || Math.abs(each.to() - second) < 7)
                        .toList();
    }

    /**
     * The first second watched from there on. A run begins in the second in which the one before was killed; which of
     * the two watched that second cannot be told, so the next one is taken as well.
     */
    private void first(long from) {
        Long first = seconds.ceiling(from);
        if (first != null) {
            inPart.add(first);
            if (first == from && seconds.contains(from + 1)) {
                inPart.add(from + 1);
            }
        }
    }

    /**
     * The last second watched up to there and the one before: of what the last poll saw, some waits for its owner and
     * would have been counted a poll later. Of a second that the next run may have watched, one more.
     */
    private void last(long to) {
        Long last = seconds.floor(to);
        for (int more = last != null && last == to ? 2 : 1; last != null && more >= 0; more--) {
            inPart.add(last);
            last = seconds.lower(last);
        }
    }
}
