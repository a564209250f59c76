package enishi.server.graph;

import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.store.FlowTotals;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One end of a connection as a test says it: what is not said is port 5432 over TCP, three opened, two still open. */
record Half(
        HostId host,
        long namespace,
        @Nullable String program,
        Role role,
        String local,
        String remote,
        Transport transport,
        Seen seen,
        Counts counts,
        @Nullable String called) {
    private static final Seen ONCE = new Seen(1_000, 2_000);

    /** Its first and last sign of life, milliseconds. */
    record Seen(long firstMillis, long lastMillis) {}

    /** What was counted and proved. */
    record Counts(
            long opened,
            long failed,
            long active,
            @Nullable Long bytes,
            Set<Evidence> evidence,
            List<ProcessId> processes,
            long moreProcesses) {}

    static Half client(HostId host, @Nullable String program, String local, String remote) {
        return new Half(
                host, 0, program, Role.CLIENT, local, remote, Transport.TCP, ONCE, plain(Evidence.CONNECT), null);
    }

    static Half server(HostId host, @Nullable String program, String local, String remote) {
        return new Half(
                host, 0, program, Role.SERVER, local, remote, Transport.TCP, ONCE, plain(Evidence.ACCEPT), null);
    }

    private static Counts plain(Evidence evidence) {
        return new Counts(3, 0, 2, null, Set.of(evidence), List.of(), 0);
    }

    Half in(long otherNamespace) {
        return new Half(host, otherNamespace, program, role, local, remote, transport, seen, counts, called);
    }

    /** Seen from one minute to another. */
    Half during(long firstMinute, long lastMinute) {
        Seen then = new Seen(firstMinute * 60_000, lastMinute * 60_000);
        return new Half(host, namespace, program, role, local, remote, transport, then, counts, called);
    }

    /** Every connection was refused. */
    Half refused() {
        return with(new Counts(0, 4, 0, null, counts.evidence(), counts.processes(), 0));
    }

    /** Some were refused, some not. */
    Half partlyRefused() {
        return with(new Counts(3, 4, 2, null, counts.evidence(), counts.processes(), 0));
    }

    /** Nothing began or ended, as of a UDP socket that talks on to a peer which it was counted with before. */
    Half goingOn() {
        return with(new Counts(0, 0, 0, null, counts.evidence(), counts.processes(), 0));
    }

    Half overUdp() {
        return new Half(host, namespace, program, role, local, remote, Transport.UDP, seen, counts, called);
    }

    /** Asked for by a name that was looked up. */
    Half by(String name) {
        return new Half(host, namespace, program, role, local, remote, transport, seen, counts, name);
    }

    Half unproved() {
        return with(new Counts(counts.opened(), 0, counts.active(), null, Set.of(), counts.processes(), 0));
    }

    Half ofBytes(long each) {
        return with(new Counts(counts.opened(), 0, counts.active(), each, counts.evidence(), counts.processes(), 0));
    }

    /** Processes with the pids 1, 2, 3 and so on, and more that nobody named. */
    Half by(int named, long more) {
        List<ProcessId> processes = IntStream.rangeClosed(1, named)
                .mapToObj(pid -> new ProcessId(pid, 7))
                .toList();
        return with(new Counts(
                counts.opened(), counts.failed(), counts.active(), null, counts.evidence(), processes, more));
    }

    private Half with(Counts other) {
        return new Half(host, namespace, program, role, local, remote, transport, seen, other, called);
    }

    FlowTotals totals() {
        Program owner = program == null ? null : new Program(program, program + ".service", null);
        Long bytes = counts.bytes();
        return new FlowTotals(
                new Flow(
                        host,
                        namespace,
                        owner,
                        role,
                        Address.parse(local),
                        Address.parse(remote),
                        5432,
                        transport,
                        called),
                counts.opened(),
                0,
                counts.failed(),
                counts.active(),
                bytes == null ? null : new Traffic(bytes, bytes),
                0,
                0,
                seen.firstMillis(),
                seen.lastMillis(),
                counts.evidence(),
                counts.processes(),
                counts.moreProcesses());
    }
}
