package enishi.agent.report;

import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Minutes of which something will never reach the server, and how many facts of each. They are told as coverage rows
 * that claim no second of the minute: "no data", never "no dependency". A row told earlier for the same minute and
 * incarnation is replaced by it; rows still to come for a minute told here carry its losses on and claim no more.
 *
 * <p>{@code droppedFacts} grows by every fact that is lost, whether or not its minute could still be told.
 */
public final class Gaps {
    /** A week. What is older when a gap of this length is reached is forgotten; without coverage it is a gap anyhow. */
    private static final int MINUTES_MAX = 7 * 24 * 60;

    private static final int ROW_BYTES = 64;
    private final TreeMap<Long, Gap> pending = new TreeMap<>();
    private final TreeMap<Long, Long> told = new TreeMap<>();
    private long droppedFacts;

    /** Everything in this report is lost. */
    public synchronized void add(Report report) {
        Rung rung = report.coverage().isEmpty()
                ? null
                : report.coverage().getFirst().rung();
        for (FlowObservations flow : report.flows()) {
            for (Observation observation : flow.observations()) {
                add(observation.minute(), rung, 1);
                droppedFacts++;
            }
        }
        for (TranslationMinutes each : report.translations()) {
            for (TranslationMinute minute : each.minutes()) {
                add(minute.minute(), rung, 1);
                droppedFacts++;
            }
        }
        for (Coverage each : report.coverage()) {
            long alreadyTold = told.getOrDefault(each.minute(), 0L); // the row may be one of ours, dropped in its turn
            add(each.minute(), each.rung(), Math.max(0, each.dropped() - alreadyTold));
        }
        droppedFacts += report.listeners().size();
    }

    /** Facts lost so far: observations, minutes of translations and spans of listeners. */
    public synchronized long droppedFacts() {
        return droppedFacts;
    }

    /**
     * Takes rows to be told, oldest first, no more than fit so many bytes.
     *
     * @param otherwise the rung of a minute whose own is not known
     */
    synchronized List<Coverage> take(Rung otherwise, int bytesMax) {
        List<Coverage> rows = new ArrayList<>();
        while (!pending.isEmpty() && (rows.size() + 1) * ROW_BYTES <= bytesMax) {
            var oldest = pending.pollFirstEntry();
            long minute = oldest.getKey();
            long facts = told.merge(minute, oldest.getValue().facts(), Long::sum);
            Rung known = oldest.getValue().rung();
            rows.add(new Coverage(minute, known == null ? otherwise : known, 0, 0, 0, facts, 0, 0, 0));
        }
        bound(told);
        return rows;
    }

    /** The row with what is known to be lost of its minute, of which it then claims no second either. */
    synchronized Coverage with(Coverage row) {
        long lost = told.getOrDefault(row.minute(), 0L);
        if (lost == 0) {
            return row;
        }
        return new Coverage(
                row.minute(),
                row.rung(),
                0,
                row.seen(),
                row.lost(),
                row.dropped() + lost,
                row.unknownOwner(),
                row.unseenPeers(),
                row.unaccounted());
    }

    private void add(long minute, @Nullable Rung rung, long facts) {
        Gap before = pending.getOrDefault(minute, new Gap(rung, 0));
        pending.put(minute, new Gap(before.rung() == null ? rung : before.rung(), before.facts() + facts));
        bound(pending);
    }

    private static void bound(NavigableMap<Long, ?> minutes) {
        while (minutes.size() > MINUTES_MAX) {
            minutes.pollFirstEntry();
        }
    }

    private record Gap(@Nullable Rung rung, long facts) {}
}
