package enishi.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The BPF programs at work that tell which answers of name servers processes are handed. Used by one thread. */
public final class NameRing implements AutoCloseable {
    /** What src/main/bpf/shared.h says: a thousand answers between two drains. */
    private static final int BYTES = 1 << 19;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final Bpf bpf = new Bpf(libc);
    private final LightSkeleton programs;
    private final List<Integer> links = new ArrayList<>();
    private final SpillRing ring;
    private final MemorySegment lost;

    private NameRing() throws KernelException {
        boolean opened = false;
        LightSkeleton loaded = null;
        try {
            loaded = LightSkeleton.load(libc, "names", Map.of());
            programs = loaded;
            ring = new SpillRing(libc, loaded.map("names"), BYTES);
            lost = arena.allocate((long) Bpf.possibleProcessors() * Long.BYTES, 8);
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
     * Loads the programs and attaches them.
     *
     * @param cgroup folder of a cgroup2: what is in it or below is watched
     * @param pidNamespace inode number of the one in which pids are told
     */
    public static NameRing open(Path cgroup, long pidNamespace) throws KernelException {
        NameRing names = new NameRing();
        boolean attached = false;
        try {
            names.programs.configure("names_config", pidNamespace);
            names.attach(cgroup);
            attached = true;
        } finally {
            if (!attached) {
                names.close();
            }
        }
        return names;
    }

    private void attach(Path cgroup) throws KernelException {
        int folder = libc.open(cgroup.toString(), Linux.O_CLOEXEC | Linux.O_DIRECTORY);
        try {
            links.add(bpf.link(programs.program("enishi_named4"), folder, Bpf.Attach.UDP4_RECVMSG));
            links.add(bpf.link(programs.program("enishi_named6"), folder, Bpf.Attach.UDP6_RECVMSG));
        } finally {
            libc.close(folder);
        }
    }

    /** Hands on every answer since the last call. */
    public void drain(Consumer<NameAnswer> into) {
        ring.drain(record -> into.accept(NameAnswer.read(record)));
    }

    /** How many answers found no room, or could not be read, since the start. */
    public long lost() throws KernelException {
        return bpf.sum(programs.map("names_lost"), lost);
    }

    @Override
    public void close() {
        links.forEach(libc::close);
        try {
            ring.close();
        } catch (KernelException e) {
            System.getLogger(NameRing.class.getName())
                    .log(System.Logger.Level.DEBUG, "giving memory back failed: {0}", e.getMessage());
        }
        programs.close();
        arena.close();
    }
}
