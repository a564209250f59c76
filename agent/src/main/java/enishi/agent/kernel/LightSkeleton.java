package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of BPF programs and maps in the kernel, loaded without a native library: {@code bpftool gen skeleton -L} made
 * of each set a loader, itself a BPF program, which does in the kernel what libbpf does outside
 * (tools/lib/bpf/gen_loader.c, skel_internal.h). What it made goes when this is closed and nothing is attached any
 * more.
 */
final class LightSkeleton implements AutoCloseable {
    /** {@code struct bpf_loader_ctx}, {@code struct bpf_map_desc} and {@code struct bpf_prog_desc}. */
    private static final int HEADER_BYTES = 24;

    private static final int MAP_BYTES = 16;
    private static final int PROGRAM_BYTES = 4;
    private final Libc libc;
    private final Map<String, Integer> maps = new HashMap<>();
    private final Map<String, Integer> programs = new HashMap<>();

    private LightSkeleton(Libc libc) {
        this.libc = libc;
    }

    /**
     * Loads a set.
     *
     * @param set its name among the resources
     * @param entries how many entries maps shall have, where it differs from what their source says
     * @throws KernelException if the kernel refuses, for want of privilege or of what a program needs
     */
    static LightSkeleton load(Libc libc, String set, Map<String, Integer> entries) throws KernelException {
        List<String> mapNames = new ArrayList<>();
        List<String> programNames = new ArrayList<>();
        for (String line : new String(resource(set + ".names"), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            String[] words = line.split(" ", -1);
            (words[0].equals("map") ? mapNames : programNames).add(words[1]);
        }
        LightSkeleton skeleton = new LightSkeleton(libc);
        try (Arena arena = Arena.ofConfined()) {
            int programsAt = HEADER_BYTES + MAP_BYTES * mapNames.size();
            MemorySegment context = arena.allocate(programsAt + (long) PROGRAM_BYTES * programNames.size(), 8);
            context.set(JAVA_INT, 0, (int) context.byteSize());
            for (int i = 0; i < mapNames.size(); i++) {
                context.set(JAVA_INT, HEADER_BYTES + MAP_BYTES * i + 4L, entries.getOrDefault(mapNames.get(i), 0));
            }
            run(libc, set, context);
            for (int i = 0; i < mapNames.size(); i++) {
                skeleton.maps.put(mapNames.get(i), context.get(JAVA_INT, HEADER_BYTES + (long) MAP_BYTES * i));
            }
            for (int i = 0; i < programNames.size(); i++) {
                skeleton.programs.put(
                        programNames.get(i), context.get(JAVA_INT, programsAt + (long) PROGRAM_BYTES * i));
            }
        }
        return skeleton;
    }

    private static void run(Libc libc, String set, MemorySegment context) throws KernelException {
        Bpf bpf = new Bpf(libc);
        byte[] data = resource(set + ".data");
        int map = bpf.array("enishi_loader", data.length);
        try (Arena arena = Arena.ofConfined()) {
            bpf.update(map, Bpf.copy(arena, data));
            int loader = bpf.loader(resource(set + ".insns"), map);
            try {
                int returned = bpf.run(loader, context);
                if (returned < 0) {
                    throw new KernelException("loading the BPF programs '" + set + "'", -returned);
                }
            } finally {
                libc.close(loader);
            }
        } finally {
            libc.close(map);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = LightSkeleton.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the agent was built without " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the agent's jar", e);
        }
    }

    int map(String name) {
        return known(maps, name);
    }

    /** Tells programs that are told nothing else, by the map of their {@code struct config}, where pids are told. */
    void configure(String map, long pidNamespace) throws KernelException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment config = scratch.allocate(KernelFold.CONFIG_BYTES, 8);
            config.set(JAVA_INT, KernelFold.AT_PID_NAMESPACE, KernelFold.told(pidNamespace));
            new Bpf(libc).update(map(map), config);
        }
    }

    int program(String name) {
        return known(programs, name);
    }

    private static int known(Map<String, Integer> all, String name) {
        Integer fd = all.get(name);
        if (fd == null) {
            throw new IllegalArgumentException("no " + name + " among " + all.keySet());
        }
        return fd;
    }

    @Override
    public void close() {
        programs.values().forEach(libc::close);
        maps.values().forEach(libc::close);
    }
}
