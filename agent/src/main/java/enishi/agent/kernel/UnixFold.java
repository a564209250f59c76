package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The BPF programs for unix sockets at work: who asked for which, folded in two maps that take turns as those of
 * {@link KernelFold} do. A set of its own, for its hooks are younger than the others' (Linux 6.7). Used by one thread.
 */
public final class UnixFold implements AutoCloseable {
    /** How many different askings find room between two drains: what src/main/bpf/shared.h says. */
    public static final int ROOM = 8_192;

    private static final int AT_ONCE = 1024;
    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final Bpf bpf = new Bpf(libc);
    private final LightSkeleton programs;
    private final List<Integer> links = new ArrayList<>();
    private final Halves asked;
    private final MemorySegment lost;

    private UnixFold(int room) throws KernelException {
        boolean loaded = false;
        try {
            programs = LightSkeleton.load(libc, "unix", Map.of("asked_a", room, "asked_b", room));
            Halves.Rows rows = Halves.Rows.of(arena, AT_ONCE, UnixAsked.BYTES, Long.BYTES);
            asked = new Halves(bpf, programs, "asked", rows, arena);
            lost = arena.allocate((long) Bpf.possibleProcessors() * Long.BYTES, 8);
            loaded = true;
        } finally {
            if (!loaded) {
                arena.close();
            }
        }
    }

    /**
     * Loads the programs and attaches them.
     *
     * @param cgroup folder of a cgroup2: what is in it or below is watched
     * @param pidNamespace inode number of the one in which pids are told
     * @param room how many different askings find room between two drains
     */
    public static UnixFold open(Path cgroup, long pidNamespace, int room) throws KernelException {
        UnixFold fold = new UnixFold(room);
        boolean attached = false;
        try {
            fold.attach(cgroup, pidNamespace);
            attached = true;
        } finally {
            if (!attached) {
                fold.close();
            }
        }
        return fold;
    }

    private void attach(Path cgroup, long pidNamespace) throws KernelException {
        programs.configure("unix_config", pidNamespace);
        int folder = libc.open(cgroup.toString(), Linux.O_CLOEXEC | Linux.O_DIRECTORY);
        try {
            links.add(bpf.link(programs.program("enishi_asked"), folder, Bpf.Attach.UNIX_CONNECT));
            links.add(bpf.link(programs.program("enishi_sent_to"), folder, Bpf.Attach.UNIX_SENDMSG));
        } finally {
            libc.close(folder);
        }
    }

    /** Hands on everything folded since the last drain; what a failure leaves is handed on the next time. */
    public void drain(Consumer<UnixAsked> into) throws KernelException {
        asked.drain((key, count) -> into.accept(UnixAsked.read(key, count.get(JAVA_LONG, 0))));
    }

    /** How many askings found no room since the start. */
    public long lost() throws KernelException {
        return bpf.sum(programs.map("unix_lost"), lost);
    }

    @Override
    public void close() {
        links.forEach(libc::close);
        programs.close();
        arena.close();
    }
}
