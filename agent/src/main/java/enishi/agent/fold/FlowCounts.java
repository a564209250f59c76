package enishi.agent.fold;

import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.ProcessId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One flow's counts: the minute that lasts, the minutes finished but not yet flushed, and the connections open. */
final class FlowCounts {
    final Flow flow;
    private List<Observation> finished = List.of();
    private final ProcessTally holders = new ProcessTally();
    private Set<Evidence> evidence = Set.of();
    private MinuteCounts minute;
    private long open;
    private boolean reported;

    FlowCounts(Flow flow, long minute, long nowMillis) {
        this.flow = flow;
        this.minute = new MinuteCounts(minute, nowMillis);
    }

    MinuteCounts minute() {
        return minute;
    }

    boolean isReported() {
        return reported;
    }

    /** Whether nothing is open, nothing waits to be flushed, and the minute it last counted in is over. */
    boolean isOver() {
        return open == 0 && finished.isEmpty() && !minute.changed && !minute.touched;
    }

    void proved(Set<Evidence> by) {
        evidence = MinuteCounts.union(evidence, by);
        minute.proved(by);
    }

    void opened(@Nullable ProcessId process) {
        open++;
        minute.active = open;
        if (process != null) {
            holders.add(process);
        }
    }

    void ended(@Nullable ProcessId process) {
        open--;
        minute.active = open;
        if (process != null) {
            holders.remove(process);
        }
    }

    /** Ends the minute and begins another, in which whatever is open is present. */
    void roll(long next, long nowMillis) {
        if (open > 0) {
            minute.touch(nowMillis);
        }
        if (minute.changed) {
            finished = finished.isEmpty() ? new ArrayList<>() : finished;
            finished.add(minute.observation());
        }
        minute = minute.next(next, nowMillis);
        minute.active = open;
        if (open > 0) {
            minute.proved(evidence);
            holders.processes().forEach(minute::process);
            minute.touch(nowMillis);
        }
    }

    /** What changed since the last flush. */
    FlowObservations flush() {
        List<Observation> changed = new ArrayList<>(finished);
        finished = List.of();
        if (minute.changed) {
            changed.add(minute.observation());
            minute.changed = false;
        }
        reported |= !changed.isEmpty();
        return new FlowObservations(flow, changed);
    }
}
