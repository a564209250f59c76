package enishi.server.graph;

import enishi.answer.Gap;
import enishi.model.Coverage;
import enishi.model.Window;
import enishi.server.store.HostCoverage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The seconds of a window that one host watched, and the gaps between them. */
final class WatchedSeconds {
    private static final int GAPS_MAX = 10;
    private static final Comparator<Gap> LONGEST_FIRST = Comparator.comparing(
                    (Gap gap) -> Duration.between(gap.from(), gap.to()))
            .reversed()
            .thenComparing(Gap::from);

    private final long from;
    private final long to;
    private final long settled;
    private final PriorityQueue<Gap> longest = new PriorityQueue<>(LONGEST_FIRST.reversed());
    private long gaps;
    private long watched;

    /** All before this second is known to be watched or not. */
    private long judged;

    /**
     * Of this window.
     *
     * @param settled from here on, what was not watched is no gap yet
     */
    WatchedSeconds(Window window, Instant settled) {
        from = window.from().getEpochSecond();
        to = window.to().minusNanos(1).getEpochSecond() + 1;
        this.settled = settled.minusNanos(1).getEpochSecond() + 1;
        judged = from;
    }

    /** Adds what comes after all that was added before. */
    void add(HostCoverage run) {
        long first = run.coverage().minute() * 60;
        long mask = run.coverage().watchedSeconds();
        if (mask == Coverage.WHOLE_MINUTE) {
            span(first, first + run.minutes() * 60);
            return;
        }
        for (long minute = 0; minute < run.minutes(); minute++) {
            minute(first + minute * 60, mask);
        }
    }

    private void minute(long first, long mask) {
        long left = mask;
        while (left != 0) {
            int begin = Long.numberOfTrailingZeros(left);
            int length = Long.numberOfTrailingZeros(~(left >>> begin));
            span(first + begin, first + begin + length);
            left &= -1L << (begin + length);
        }
    }

    private void span(long first, long end) {
        long begin = Math.max(first, from);
        long cut = Math.min(end, to);
        if (begin < cut) {
            gap(begin);
            watched += cut - begin;
            judged = cut;
        }
    }

    /** Nothing more was watched. */
    void end() {
        gap(to);
    }

    private void gap(long end) {
        long cut = Math.min(end, settled);
        if (judged < cut) {
            gaps++;
            longest.add(new Gap(Instant.ofEpochSecond(judged), Instant.ofEpochSecond(cut)));
            if (longest.size() > GAPS_MAX) {
                longest.remove();
            }
        }
    }

    long watched() {
        return watched;
    }

    List<Gap> longestGaps() {
        return longest.stream().sorted(LONGEST_FIRST).toList();
    }

    int moreGaps() {
        return Math.toIntExact(Math.min(gaps - longest.size(), Integer.MAX_VALUE));
    }
}
