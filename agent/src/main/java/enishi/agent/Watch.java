package enishi.agent;

import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.CaptureException;
import enishi.agent.capture.CaptureRung;
import enishi.agent.capture.Ladder;
import enishi.agent.capture.Probe;
import enishi.agent.container.LookedUpNames;
import enishi.agent.fold.FlowTable;
import enishi.agent.fold.FoldCounters;
import enishi.agent.fold.FoldLimits;
import enishi.agent.fold.Folded;
import enishi.agent.fold.Surroundings;
import enishi.agent.process.ProcOwners;
import enishi.model.Address;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The watching half of the agent on its thread: one rung, the owners, the table of flows, and the loop that drives
 * them. What it tells of itself is a snapshot, made on that thread after each poll.
 */
final class Watch implements AutoCloseable {
    private static final Duration LAST_POLL = Duration.ofSeconds(5);
    private final CaptureRung rung;
    private final List<Probe> probes;
    private final LookedUpNames containers;
    private final ProcOwners owners;
    private final FlowTable table;
    private final CaptureLoop loop;
    private final Thread thread;
    private List<HostAddress> addresses = List.of();
    private Set<HostAddress> ownAddresses = Set.of();
    private volatile Account account;

    /**
     * What watching came to so far.
     *
     * @param limits what this agent cannot see and why, a sentence each
     * @param unix how connections to unix sockets are known
     * @param nat how what this host translates is known
     */
    record Account(
            Rung rung,
            List<Probe> probes,
            long polls,
            CaptureCounters capture,
            FoldCounters fold,
            long unreadableProcesses,
            List<String> limits,
            String unix,
            String nat) {}

    /** Where what is watched goes. */
    interface Sink extends Consumer<Folded> {

        /** The wall clock ran backwards. */
        void beginIncarnation();

        /** The host's addresses, asked for on the thread that watches. */
        void addresses(List<HostAddress> addresses);

        /** Watching ended by a fault of ours: nothing more will come. */
        void ended(Throwable by);
    }

    private Watch(Opened opened, LookedUpNames containers, HostId host, Rhythm rhythm) {
        rung = opened.rung();
        probes = opened.probes();
        this.containers = containers;
        owners = new ProcOwners(rhythm.proc(), containers);
        table = new FlowTable(host, owners, new Surroundings(rung::ephemeralPorts, this::isOwn), FoldLimits.DEFAULT);
        account = account(0);
        Sink sink = rhythm.sink();
        loop = new CaptureLoop(
                rung,
                owners,
                table,
                folded -> {
                    sink.addresses(rung.addresses());
                    sink.accept(folded);
                },
                new CaptureLoop.Timing(
                        rhythm.clock(), rhythm.flush().toMillis(), sink::beginIncarnation, this::snapshot));
        thread = Thread.ofPlatform()
                .name("enishi-watch")
                .uncaughtExceptionHandler((watching, e) -> rhythm.sink().ended(e))
                .unstarted(loop::run);
    }

    /** Where, when and whither. */
    record Rhythm(Path proc, InstantSource clock, Duration flush, Sink sink) {}

    /**
     * What the user asked of capturing.
     *
     * @param rung pinned; empty: the best
     * @param extras what is captured beside connections
     * @param runtimeSocket where a container runtime tells its containers' names; empty: nobody is asked
     */
    record Wanted(Optional<Rung> rung, Ladder.Extras extras, Optional<Path> runtimeSocket) {}

    /** The rung that was opened, and what the attempts at better ones told. */
    private record Opened(CaptureRung rung, List<Probe> probes) {}

    /** Opens the best rung or the pinned one and begins to watch. @throws CaptureException if it cannot be had */
    static Watch open(Wanted wanted, HostId host, Rhythm rhythm) throws CaptureException {
        Ladder ladder = new Ladder(rhythm.proc(), rhythm.clock(), wanted.extras());
        Opened opened = new Opened(ladder.open(wanted.rung()), ladder.probe());
        LookedUpNames containers = LookedUpNames.open(Path.of("/"), wanted.runtimeSocket());
        Watch watch = new Watch(opened, containers, host, rhythm);
        watch.thread.start();
        return watch;
    }

    Account account() {
        return account;
    }

    /** Polls and flushes once more, then stops. */
    @Override
    public void close() {
        loop.stop();
        try {
            if (thread.join(LAST_POLL)) {
                rung.close();
                owners.close();
                containers.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void snapshot() {
        account = account(loop.polls());
    }

    private Account account(long polls) {
        return new Account(
                rung.rung(),
                probes,
                polls,
                rung.counters(),
                table.counters(),
                owners.unreadable(),
                limits(),
                rung.unix(),
                rung.nat());
    }

    private List<String> limits() {
        List<String> limits = new ArrayList<>(rung.limits());
        if (!owners.seesEverybody()) {
            limits.add("Other users' processes are hidden from this user: their connections have no program."
                    + " Run the agent as root to name every process.");
        }
        limits.addAll(containers.limits());
        return limits;
    }

    @SuppressWarnings("ReferenceEquality") // a refreshed list is another list; comparing each entry each time is dear
    private boolean isOwn(long namespace, Address address) {
        if (addresses != rung.addresses()) {
            addresses = rung.addresses();
            ownAddresses = new HashSet<>(addresses);
        }
        return ownAddresses.contains(new HostAddress(namespace, address));
    }
}
