package enishi.agent.fold;

import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.ProcessId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One flow's counts: the minute that lasts, the minutes finished but not yet flushed, and the connections open. */
final class FlowCounts {
    final Flow flow;
    private final List<Observation> finished = new ArrayList<>();
    private final Map<ProcessId, Integer> holders = new HashMap<>();
    private final Set<Evidence> evidence = EnumSet.noneOf(Evidence.class);
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
        evidence.addAll(by);
        minute.proved(by);
    }

    void opened(@Nullable ProcessId process) {
        open++;
        minute.active = open;
        if (process != null) {
            holders.merge(process, 1, Integer::sum);
        }
    }

    void ended(@Nullable ProcessId process) {
        open--;
        minute.active = open;
        if (process != null) {
            holders.computeIfPresent(process, (who, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Ends the minute and begins another, in which whatever is open is present. */
    void roll(long next, long nowMillis) {
        if (open > 0) {
            minute.touch(nowMillis);
        }
        if (minute.changed) {
            finished.add(minute.observation());
        }
        minute = new MinuteCounts(next, nowMillis);
        minute.active = open;
        if (open > 0) {
            minute.proved(evidence);
            holders.keySet().forEach(minute::process);
            minute.touch(nowMillis);
        }
    }

    /** What changed since the last flush. */
    FlowObservations flush() {
        List<Observation> changed = new ArrayList<>(finished);
        finished.clear();
        if (minute.changed) {
            changed.add(minute.observation());
            minute.changed = false;
        }
        reported |= !changed.isEmpty();
        return new FlowObservations(flow, changed);
    }
}
