package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The BPF programs of one set at work, and the maps into which they fold. Used by one thread.
 *
 * <p>Everything in the kernel is held by descriptors of this process: when it ends, however it ends, it is gone.
 */
public final class KernelFold implements AutoCloseable {
    private static final int AT_ONCE = 2048;
    static final int CONFIG_BYTES = 32;
    static final int AT_PID_NAMESPACE = 12;
    static final int AT_REFUSALS_SINCE = 24;
    static final int LOSSES = 8;
    static final int LEFT = 2;

    /** Who is refused datagrams is told so once a second (net/ipv4/icmp.c, icmpv4_xrlim_allow). */
    private static final long REFUSED_EVERY_NANOS = 1_000_000_000;

    /** The host's own pid namespace is the same number on every host (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
    private static final long HOST_PID_NAMESPACE = 0xEFFF_FFFCL;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final Bpf bpf = new Bpf(libc);
    private final LightSkeleton programs;
    private final List<Integer> links = new ArrayList<>();
    private final Halves flows;
    private final Halves attempts;
    private final SpillRing spill;
    private final MemorySegment config = arena.allocate(CONFIG_BYTES, 8);
    private final MemorySegment losses;
    private final MemorySegment left;
    private long busy;
    private long untold;
    private final MemorySegment walked = arena.allocate((long) AT_ONCE * SocketHolder.BYTES, 8);
    private final FoldedFlow view = new FoldedFlow();
    private final int walk;

    /**
     * How much room there is in the kernel.
     *
     * @param flows flows between two drains
     * @param attempts likewise of those never established
     * @param spillBytes a power of two, at least a page: what finds no room above
     */
    public record Room(int flows, int attempts, int spillBytes) {
        /** What src/main/bpf/shared.h says. */
        public static final Room DEFAULT = new Room(16_384, 4_096, 1 << 20);

        private Map<String, Integer> entries() {
            return Map.of(
                    "flows_a",
                    flows,
                    "flows_b",
                    flows,
                    "attempts_a",
                    attempts,
                    "attempts_b",
                    attempts,
                    "spill",
                    spillBytes);
        }
    }

    private KernelFold(String set, Room room) throws KernelException {
        boolean opened = false;
        LightSkeleton loaded = null;
        try {
            loaded = LightSkeleton.load(libc, set, room.entries());
            programs = loaded;
            Halves.Rows rows = Halves.Rows.of(arena, AT_ONCE, FoldedFlow.FLOW_BYTES, FoldedFlow.COUNTS_BYTES);
            flows = new Halves(bpf, loaded, "flows", rows, arena);
            attempts = new Halves(bpf, loaded, "attempts", rows, arena);
            spill = new SpillRing(libc, loaded.map("spill"), room.spillBytes());
            losses = arena.allocate((long) Bpf.possibleProcessors() * LOSSES * Long.BYTES, 8);
            left = arena.allocate((long) Bpf.possibleProcessors() * LEFT * Long.BYTES, 8);
            walk = link(bpf.link(loaded.program("enishi_sweep"), 0, Bpf.Attach.TRACE_ITER));
            opened = true;
        } finally {
            if (!opened) {
                if (loaded != null) {
                    loaded.close();
                }
                arena.close();
            }
        }
    }

    /**
     * Loads the programs of rung ebpf and attaches them.
     *
     * @param cgroup folder of a cgroup2: what is in it or below is watched, whatever network namespace it is in
     * @param pidNamespace inode number of the one in which pids are told and whose processes are swept
     * @param udpBytes whether datagrams and their bytes are counted, which costs more of each
     */
    public static KernelFold ebpf(Path cgroup, long pidNamespace, Room room, boolean udpBytes) throws KernelException {
        return start(new KernelFold("ebpf", room), pidNamespace, fold -> {
            fold.config.set(JAVA_INT, 16, udpBytes ? 1 : 0);
            fold.configure();
            fold.attach(cgroup, udpBytes);
        });
    }

    /**
     * Loads the programs of rung ebpf-tcp and attaches them: TCP alone, of all cgroups and network namespaces.
     *
     * @param pidNamespace inode number of the one in which pids are told and whose processes are swept
     */
    public static KernelFold ebpfTcp(long pidNamespace, Room room) throws KernelException {
        return start(new KernelFold("ebpf-tcp", room), pidNamespace, fold -> {
            fold.link(fold.bpf.tracepoint(fold.programs.program("enishi_destroyed")));
            fold.link(fold.bpf.tracepoint(fold.programs.program("enishi_state")));
        });
    }

    /** How the programs of a set are attached. */
    private interface Attaching {
        void attach(KernelFold fold) throws KernelException;
    }

    private static KernelFold start(KernelFold fold, long pidNamespace, Attaching how) throws KernelException {
        boolean attached = false;
        try {
            fold.config.set(JAVA_INT, 0, 1);
            fold.config.set(JAVA_INT, 4, 1);
            fold.config.set(JAVA_INT, AT_PID_NAMESPACE, told(pidNamespace));
            fold.refusalsSince(Long.MAX_VALUE);
            how.attach(fold);
            fold.refusalsSince(Libc.monotonicNanos() + REFUSED_EVERY_NANOS);
            attached = true;
        } finally {
            if (!attached) {
                fold.close();
            }
        }
        return fold;
    }

    private void attach(Path cgroup, boolean udpBytes) throws KernelException {
        int folder = libc.open(cgroup.toString(), Linux.O_CLOEXEC | Linux.O_DIRECTORY);
        try {
            link(bpf.tracepoint(programs.program("enishi_error")));
            link(bpf.tracepoint(programs.program(udpBytes ? "enishi_sent_bytes" : "enishi_sent")));
            if (udpBytes) {
                link(bpf.tracepoint(programs.program("enishi_received_bytes")));
            }
            link(bpf.link(programs.program("enishi_sendmsg4"), folder, Bpf.Attach.UDP4_SENDMSG));
            link(bpf.link(programs.program("enishi_sendmsg6"), folder, Bpf.Attach.UDP6_SENDMSG));
            link(bpf.link(programs.program("enishi_recvmsg4"), folder, Bpf.Attach.UDP4_RECVMSG));
            link(bpf.link(programs.program("enishi_recvmsg6"), folder, Bpf.Attach.UDP6_RECVMSG));
            link(bpf.link(programs.program("enishi_release"), folder, Bpf.Attach.SOCK_RELEASE));
        } finally {
            libc.close(folder);
        }
    }

    /** How the programs are told of the namespace in which pids are told: 0 for the host's own. */
    static int told(long pidNamespace) {
        return pidNamespace == HOST_PID_NAMESPACE ? 0 : (int) pidNamespace;
    }

    private int link(int descriptor) {
        links.add(descriptor);
        return descriptor;
    }

    private void configure() throws KernelException {
        bpf.update(programs.map("config"), config);
    }

    /** Of datagrams sent from then on, {@link Libc#monotonicNanos}, it is known whether they were refused. */
    void refusalsSince(long nanos) throws KernelException {
        config.set(JAVA_LONG, AT_REFUSALS_SINCE, nanos);
        configure();
    }

    /**
     * From now on the calling thread, which looks through others' descriptors, never counts as the process that gives a
     * socket up. It must have none of its own.
     */
    public void disown() throws KernelException {
        disown(Libc.threadId());
    }

    /** The same of another thread, as the agent's pid namespace numbers it. */
    void disown(int thread) throws KernelException {
        config.set(JAVA_INT, 8, thread);
        configure();
    }

    /** From now on, what was not told before is new. To be called when the first sweep has told what was open. */
    public void started() throws KernelException {
        config.set(JAVA_INT, 4, 0);
        configure();
    }

    /** From now on, what is open is told anew, as adopted: for when ends were lost. */
    public void beginGeneration() throws KernelException {
        config.set(JAVA_INT, 0, config.get(JAVA_INT, 0) + 1);
        configure();
    }

    /**
     * What a walk over open sockets came to.
     *
     * @param nanos how long it kept a processor busy
     * @param busy how many it found too busy to be told: the next walk tells them
     * @param untold how many there was no room to tell: a later walk does, when there is
     */
    public record Swept(long nanos, long busy, long untold) {}

    /**
     * Tells what is open and not told yet, and what it moved; it is drained next.
     *
     * @param holders told who holds each socket that waits to be asked, once for each holder
     */
    public Swept sweep(Consumer<SocketHolder> holders) throws KernelException {
        long beganNanos = Libc.threadCpuNanos();
        int iterator = bpf.iterator(walk);
        try {
            walk(iterator, holders);
        } finally {
            libc.close(iterator);
        }
        long[] sums = sums("left", left, LEFT);
        Swept swept = new Swept(Libc.threadCpuNanos() - beganNanos, sums[0] - busy, sums[1] - untold);
        busy = sums[0];
        untold = sums[1];
        return swept;
    }

    private void walk(int iterator, Consumer<SocketHolder> holders) throws KernelException {
        int bytes = 1;
        while (bytes > 0) {
            try {
                bytes = libc.read(iterator, walked, "walking over open files");
                for (int at = 0; at + SocketHolder.BYTES <= bytes; at += SocketHolder.BYTES) {
                    holders.accept(new SocketHolder(walked.asSlice(at, SocketHolder.BYTES)));
                }
            } catch (KernelException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            }
        }
    }

    /** Hands on everything folded since the last drain; what a failure leaves is handed on the next time. */
    public void drain(Consumer<FoldedFlow> into) throws KernelException {
        flows.drain((flow, counts) -> into.accept(view.at(flow, counts)));
        attempts.drain((flow, counts) -> into.accept(view.at(flow, counts)));
        spill.drain(record -> into.accept(view.at(record, record.asSlice(FoldedFlow.FLOW_BYTES))));
    }

    /** What was lost since the start. */
    public Losses losses() throws KernelException {
        long[] sums = sums("losses", losses, LOSSES);
        return new Losses(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
    }

    /** What all processors together counted, of a map of so many counts a processor. */
    private long[] sums(String map, MemorySegment perProcessor, int counts) throws KernelException {
        bpf.lookup(programs.map(map), perProcessor);
        long[] sums = new long[counts];
        for (int i = 0; i < perProcessor.byteSize() / Long.BYTES; i++) {
            sums[i % counts] += perProcessor.getAtIndex(JAVA_LONG, i);
        }
        return sums;
    }

    @Override
    public void close() {
        links.forEach(libc::close);
        try {
            spill.close();
        } catch (KernelException e) {
            throw new IllegalStateException(e);
        }
        programs.close();
        arena.close();
    }
}
