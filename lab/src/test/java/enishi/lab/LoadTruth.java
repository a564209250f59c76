package enishi.lab;

import enishi.answer.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.function.Supplier;

/** What the server keeps of a load, held against what was opened, second by second. */
final class LoadTruth {
    private final NavigableSet<Long> watched;
    private final List<String> odd = new ArrayList<>();
    private long opened;
    private long stored;
    private long inGaps;
    private long lost;
    private long doubled;
    private long exact;

    /**
     * What came of it, in connections.
     *
     * @param opened the truth
     * @param stored what the server keeps
     * @param inGaps missing, in seconds that coverage calls unwatched
     * @param lost missing, in seconds that coverage calls watched
     * @param doubled kept beyond what was opened
     * @param exact opened in watched seconds, of which not one may be missing
     * @param odd each second with something lost or doubled
     */
    record Verdict(long opened, long stored, long inGaps, long lost, long doubled, long exact, List<String> odd) {}

    /**
     * Judges by what coverage says.
     *
     * @param watched the seconds it calls watched
     */
    LoadTruth(NavigableSet<Long> watched) {
        this.watched = watched;
    }

    /**
     * Judges a second.
     *
     * @param told every dependency kept of its port, from either end
     */
    void check(long second, Load.Opened truth, List<Dependency> told) {
        long kept = told.stream()
                .filter(each -> each.seenFrom() != Dependency.SeenFrom.SERVER)
                .mapToLong(Dependency::connections)
                .sum();
        check(second, truth, kept, told::toString);
    }

    void check(long second, Load.Opened truth, long kept, Supplier<String> told) {
        // of a late second, some connections were established in the next
        boolean isWatched = watched.contains(second) && (!truth.late() || watched.contains(second + 1));
        long missing = Math.max(0, truth.connections() - kept);
        opened += truth.connections();
        stored += kept;
        doubled += Math.max(0, kept - truth.connections());
        inGaps += isWatched ? 0 : missing;
        lost += isWatched ? missing : 0;
        exact += isWatched ? truth.connections() : 0;
        if (kept > truth.connections() || (isWatched && missing > 0)) {
            odd.add("second " + second + ": " + truth.connections() + " opened, " + kept + " kept; watched "
                    + watched.subSet(second - 6, true, second + 6, true) + "; " + told.get());
        }
    }

    Verdict verdict() {
        return new Verdict(opened, stored, inGaps, lost, doubled, exact, List.copyOf(odd));
    }
}
