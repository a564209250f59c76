package enishi.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the server keeps of a load, held against what was opened, second by second. */
final class LoadTruth {
    private final Watched watched;
    private final Map<Watched.Part, Long> missing = new EnumMap<>(Watched.Part.class);
    private final List<String> odd = new ArrayList<>();
    private long opened;
    private long stored;
    private long doubled;
    private long exact;

    /**
     * What came of it, in connections.
     *
     * @param opened the truth
     * @param stored what the server keeps
     * @param inGaps missing, in seconds that coverage calls unwatched
     * @param inPart missing, in seconds watched in part
     * @param lost missing, in seconds that coverage calls watched
     * @param doubled kept beyond what was opened
     * @param exact opened in seconds watched whole, of which not one may be missing
     * @param odd each second with something lost or doubled
     */
    record Verdict(
            long opened,
            long stored,
            long inGaps,
            long inPart,
            long lost,
            long doubled,
            long exact,
            List<String> odd) {}

    LoadTruth(Watched watched) {
        this.watched = watched;
    }

    void check(long second, Load.Opened truth, long kept) {
        Watched.Part part = watched.of(second);
        if (truth.late() && watched.of(second + 1) != Watched.Part.WHOLE) {
            part = Watched.Part.IN_PART; // some were established when the second was over
        }
        opened += truth.connections();
        stored += kept;
        missing.merge(part, Math.max(0, truth.connections() - kept), Long::sum);
        doubled += Math.max(0, kept - truth.connections());
        exact += part == Watched.Part.WHOLE ? truth.connections() : 0;
        if (kept > truth.connections() || (part == Watched.Part.WHOLE && kept < truth.connections())) {
            odd.add("second " + second + ": " + truth.connections() + " opened, " + kept + " kept; "
                    + watched.around(second));
        }
    }

    Verdict verdict() {
        return new Verdict(
                opened,
                stored,
                missing.getOrDefault(Watched.Part.NOT, 0L),
                missing.getOrDefault(Watched.Part.IN_PART, 0L),
                missing.getOrDefault(Watched.Part.WHOLE, 0L),
                doubled,
                exact,
                List.copyOf(odd));
    }
}
