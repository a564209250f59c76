package enishi.lab;

import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Which seconds coverage calls watched, and which of these a run of the agent watched in part. The agent claims whole
 * seconds, and at both ends of a run that is more than it keeps: at the first dump, which a slow machine ends a second
 * after it began, everything open is taken for older; and a connection may wait four polls for its owner before it is
 * counted, while the seconds of these polls are claimed already.
 */
final class Watched {
    private static final int FIRST = 4;
    private static final int LAST = 6;
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

    /** The first seconds watched from there on: what is open at the first dump counts as older than the run. */
    private void first(long from) {
        seconds.tailSet(from, true).stream().limit(FIRST).forEach(inPart::add);
    }

    /** The last seconds watched up to there: what waited for its owner would have been counted some polls later. */
    private void last(long to) {
        seconds.headSet(to, true).descendingSet().stream().limit(LAST).forEach(inPart::add);
    }
}
