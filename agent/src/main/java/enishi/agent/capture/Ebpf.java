package enishi.agent.capture;

import enishi.agent.kernel.FoldedFlow;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.KernelFold;
import enishi.agent.kernel.KernelFold.Swept;
import enishi.agent.kernel.Losses;
import enishi.agent.kernel.SocketHolder;
import enishi.model.HostAddress;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rungs {@code ebpf} and {@code ebpf-tcp}: the kernel tells each connection once, folded, when it ends, and a sweep
 * over the open sockets of all processes tells those that are open. Listeners come from a dump, which is short.
 *
 * <p>Start without a hole: programs attached, then listeners, then what is open, which is adopted; from then on
 * whatever was not told is new. Where ends were lost, the open ones are adopted anew, so that no flow stays open for
 * ever.
 */
public final class Ebpf implements CaptureRung {
    private static final long LISTENERS_EVERY_MILLIS = 10_000;
    private static final long CHECK_EVERY_MILLIS = 60_000;
    private static final long SOURCES_EVERY_MILLIS = 60_000;
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 (include/asm-generic/param.h)
    private final Kind kind;
    private final InstantSource clock;
    private final KernelFold fold;
    private final SockDiag listeners;
    private final UnixWatch unix;
    private final Names names;
    private final SweepRhythm rhythm = new SweepRhythm();
    private final Sources sources;
    private Losses losses = Losses.NONE;
    private final OpensCheck check = new OpensCheck();
    private boolean started;
    private long checkedMillis;
    private long listenersMillis;
    private long sourcesMillis;
    private final Sweeps sweeps = new Sweeps();
    private long seen;
    private long failedPolls;

    /**
     * Which rung, and whether it counts the bytes of datagrams.
     */
    record Kind(Rung rung, boolean udpBytes) {}

    /** What is read by dumps. */
    record Dumps(SockDiag listeners, UnixWatch unix) {}

    /** What the kernel tells. */
    record Told(KernelFold fold, Names names) {}

    Ebpf(Kind kind, InstantSource clock, Told told, Dumps dumps) {
        this.kind = kind;
        this.clock = clock;
        this.fold = told.fold();
        this.names = told.names();
        this.listeners = dumps.listeners();
        this.unix = dumps.unix();
        this.sources = new Sources(listeners.namespaces());
    }

    @Override
    public Rung rung() {
        return kind.rung();
    }

    @Override
    public void poll(CaptureSink sink, boolean counters) throws CaptureException {
        long nowMillis = clock.millis();
        if (isDue(nowMillis, sourcesMillis, SOURCES_EVERY_MILLIS)) {
            sources.forget();
            sourcesMillis = nowMillis;
        }
        boolean checking = isDue(nowMillis, checkedMillis, CHECK_EVERY_MILLIS);
        boolean sweeping = checking || rhythm.isDue(nowMillis);
        // Before the sweep, which tells who holds them.
        if (pollsUdp() || sweeping || isDue(nowMillis, listenersMillis, LISTENERS_EVERY_MILLIS)) {
            listeners.poll(sink, counters);
            listenersMillis = nowMillis;
        }
        try {
            if (!started) {
                fold.disown();
            }
            Map<Long, Long> connecting = checking ? beginCheck(nowMillis) : Map.of();
            sweeps.begin();
            if (sweeping) {
                sweep(sink, nowMillis);
            }
            names.poll();
            drain(sink);
            sweeps.drained();
            if (checking) {
                check.compare(namespace -> connecting.getOrDefault(namespace, 0L));
            }
            unix.poll(sink, nowMillis);
            listeners.namespaces().nat().poll(sink, nowMillis);
            resynchronise(sink);
        } catch (KernelException e) {
            failedPolls++;
            throw new CaptureException("reading what the kernel folded failed, will try again: " + e.getMessage(), e);
        }
    }

    private static boolean isDue(long nowMillis, long lastMillis, long everyMillis) {
        return nowMillis - lastMillis >= everyMillis || nowMillis < lastMillis;
    }

    private void sweep(CaptureSink sink, long nowMillis) throws KernelException {
        Swept swept = fold.sweep(each -> held(each, sink));
        rhythm.swept(nowMillis, swept.nanos());
        sweeps.swept(nowMillis, swept);
        if (!started) {
            fold.started();
            started = true;
        }
    }

    private Map<Long, Long> beginCheck(long nowMillis) throws KernelException {
        checkedMillis = nowMillis;
        check.read(listeners.namespaces().entrances());
        return listeners.namespaces().connecting();
    }

    private boolean pollsUdp() {
        return kind.rung() == Rung.EBPF_TCP;
    }

    private void drain(CaptureSink sink) throws KernelException {
        fold.drain(each -> {
            KernelCounts counts = counts(each);
            check.told(counts);
            sink.take(counts);
        });
    }

    /** After a loss, whoever folds forgets what it holds open, and a sweep tells it all again. */
    private void resynchronise(CaptureSink sink) throws KernelException {
        Losses now = fold.losses();
        boolean lostEnds = now.closed() != losses.closed();
        losses = now;
        if (lostEnds) {
            fold.beginGeneration();
            drain(sink);
            names.forgetOpen();
            sink.take(new OpenForgotten(pollsUdp() ? Set.of(Transport.TCP) : Set.of(Transport.TCP, Transport.UDP)));
            fold.sweep(each -> held(each, sink));
            drain(sink);
        }
    }

    private KernelCounts counts(FoldedFlow flow) {
        seen += flow.opened() + flow.adopted();
        long namespace = listeners.namespaces().number(flow.namespace());
        return new KernelCounts(
                namespace,
                flow.isUdp() ? Transport.UDP : Transport.TCP,
                flow.isClient() ? Role.CLIENT : Role.SERVER,
                flow.local().isWildcard() ? sources.towards(namespace, flow.remote(), flow.local()) : flow.local(),
                flow.remote(),
                flow.serverPort(),
                holder(flow.pid(), flow.startedNanos(), flow.program(), flow.cgroup()),
                flow.opened(),
                flow.adopted(),
                flow.closed(),
                flow.failed(),
                flow.sentBytes(),
                flow.receivedBytes(),
                !flow.isUdp() || kind.udpBytes(),
                flow.rttMicros(),
                flow.retransmits(),
                flow.isClient() && names.areTold() ? name(flow) : null);
    }

    private @Nullable String name(FoldedFlow flow) {
        Names.FlowKey key = new Names.FlowKey(
                flow.namespace(),
                flow.pid(),
                flow.startedNanos(),
                flow.local(),
                flow.remote(),
                flow.serverPort(),
                flow.isUdp() ? Transport.UDP : Transport.TCP);
        return names.of(key, flow.opened() + flow.adopted() - flow.closed());
    }

    private static void held(SocketHolder held, CaptureSink sink) {
        sink.take(new SocketHeld(held.inode(), holder(held.pid(), held.startedNanos(), held.program(), held.cgroup())));
    }

    static Holder holder(int pid, long startedNanos, byte[] program, long cgroup) {
        return new Holder(pid, startedNanos / NANOS_PER_TICK, UnixEndpoint.text(program), cgroup);
    }

    @Override
    public long deliveredMillis() {
        return sweeps.deliveredMillis();
    }

    @Override
    public CaptureCounters counters() {
        CaptureCounters listening = listeners.counters();
        return new CaptureCounters(
                seen + unix.seen() + (pollsUdp() ? listening.seen() : 0),
                losses.opened()
                        + losses.closed()
                        + losses.failed()
                        + losses.datagrams()
                        + listening.lost()
                        + unix.lost(),
                failedPolls + listening.failedPolls(),
                pollsUdp() ? listening.unseenPeers() : 0,
                pollsUdp() ? listening.unseenPeersGone() : 0,
                check.unaccounted());
    }

    @Override
    public List<HostAddress> addresses() {
        return listeners.addresses();
    }

    @Override
    public PortRange ephemeralPorts(long namespace) {
        return listeners.ephemeralPorts(namespace);
    }

    @Override
    public List<String> limits() {
        List<String> limits = new ArrayList<>();
        limits.add("Connections of the kernel itself, such as NFS, have no process and are not seen on this rung.");
        if (kind.rung() == Rung.EBPF) {
            limits.add("Whom a UDP socket hears from is unseen where its program does not ask who sent.");
        } else {
            limits.add("UDP is polled on this rung: whom a UDP socket without a peer of its own talks to is unseen.");
        }
        if (kind.rung() == Rung.EBPF && !kind.udpBytes()) {
            limits.add("Bytes of UDP are not counted; --udp-bytes counts them at a cost (docs/OVERHEAD.md).");
        }
        limits.addAll(names.limits());
        limits.addAll(unix.limits());
        limits.addAll(listeners.namespaces().nat().limits());
        if (check.neverAccepted() > 0) {
            limits.add(check.neverAccepted()
                    + " connections were never accepted by their server; their clients are told.");
        }
        if (losses.mptcp() > 0) {
            limits.add(losses.mptcp() + " MPTCP sockets were not read.");
        }
        if (losses.reconnected() > 0) {
            limits.add(losses.reconnected()
                    + " times a TCP socket was disconnected to be used again: one connection each" + " is unseen.");
        }
        if (losses.summarised() > 0) {
            limits.add(losses.summarised() + " attempts were counted without their port or address: too many different"
                    + " ones in one second.");
        }
        return limits;
    }

    @Override
    public String unix() {
        return unix.account();
    }

    @Override
    public String nat() {
        return listeners.namespaces().nat().account();
    }

    @Override
    public void close() {
        fold.close();
        names.close();
        unix.close();
        listeners.close();
    }
}
