package enishi.agent.fold;

import enishi.agent.capture.TcpCounters;
import enishi.model.Evidence;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Role;
import enishi.model.Traffic;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The counts of one flow in one minute, growing. */
final class MinuteCounts {
    /** Distinct processes told apart; beyond, each connection's process counts as another. */
    private static final int DISTINCT_MAX = 4096;

    final long minute;
    long opened;
    long closed;
    long failed;
    long active;
    boolean changed;
    boolean touched;
    private @Nullable Traffic traffic;
    private int rttMicros;
    private long retransmits;
    private long firstSeenMillis;
    private long lastSeenMillis;
    private Set<Evidence> evidence = Set.of();
    private final ProcessTally processes = new ProcessTally();
    private long moreProcesses;

    MinuteCounts(long minute, long nowMillis) {
        this.minute = minute;
        firstSeenMillis = nowMillis;
        lastSeenMillis = nowMillis;
    }

    /** The minute after this one: where bytes were known they still are, and none moved yet. */
    MinuteCounts next(long number, long nowMillis) {
        MinuteCounts next = new MinuteCounts(number, nowMillis);
        next.traffic = traffic == null ? null : new Traffic(0, 0);
        return next;
    }

    void touch(long nowMillis) {
        lastSeenMillis = Math.max(lastSeenMillis, nowMillis);
        changed = true;
        touched = true;
    }

    void proved(Set<Evidence> by) {
        evidence = Evidence.union(evidence, by);
    }

    void process(@Nullable ProcessId process) {
        if (process == null) {
            return;
        }
        if (processes.size() < DISTINCT_MAX || processes.has(process)) {
            processes.add(process);
        } else {
            moreProcesses++;
        }
    }

    /** Adds what the counters of one connection grew by. */
    void grew(Role role, TcpCounters now, @Nullable TcpCounters before) {
        long sent = now.sentBytes() - (before == null ? 0 : before.sentBytes());
        long received = now.receivedBytes() - (before == null ? 0 : before.receivedBytes());
        Traffic more = role == Role.CLIENT
                ? new Traffic(Math.max(0, sent), Math.max(0, received))
                : new Traffic(Math.max(0, received), Math.max(0, sent));
        traffic = traffic == null ? more : traffic.plus(more);
        retransmits += Math.max(0, now.retransmits() - (before == null ? 0 : before.retransmits()));
        if (now.rttMicros() > 0) {
            rttMicros = now.rttMicros();
        }
    }

    Observation observation() {
        List<ProcessId> listed = processes.processes().stream()
                .sorted(java.util.Comparator.comparingInt(ProcessId::pid).thenComparingLong(ProcessId::startTicks))
                .limit(Observation.PROCESSES_MAX)
                .toList();
        return new Observation(
                minute,
                opened,
                closed,
                failed,
                active,
                traffic,
                rttMicros,
                retransmits,
                firstSeenMillis,
                lastSeenMillis,
                evidence,
                listed,
                processes.size() - listed.size() + moreProcesses);
    }
}
