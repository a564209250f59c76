package enishi.agent.fold;

import enishi.agent.capture.KernelCounts;
import enishi.agent.capture.TcpCounters;
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
        evidence = Evidence.union(evidence, by);
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

    /** Takes in what the kernel counted of one process; a process that nobody could tell is null. */
    void counted(KernelCounts counts, @Nullable ProcessId process, long nowMillis) {
        long more = counts.opened() + counts.adopted() - counts.closed();
        open = Math.max(0, open + more);
        if (process != null && more > 0) {
            holders.add(process, more);
        } else if (process != null && more < 0) {
            holders.remove(process, -more);
        }
        minute.active = open;
        minute.opened += counts.opened();
        minute.closed += counts.closed();
        minute.failed += counts.failed();
        minute.process(process);
        if (counts.hasBytes() && counts.failed() == 0) {
            minute.grew(
                    counts.role(),
                    new TcpCounters(
                            counts.sentBytes(),
                            counts.receivedBytes(),
                            counts.rttMicros(),
                            counts.retransmits(),
                            true,
                            counts.role()),
                    null);
        }
        minute.touch(nowMillis);
    }

    /** Whatever is open will be told again. */
    void forgetOpen() {
        open = 0;
        minute.active = 0;
        holders.clear();
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
        begin(next, nowMillis);
    }

    /** Begins another minute, in which whatever is open is present. */
    void begin(long next, long nowMillis) {
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
