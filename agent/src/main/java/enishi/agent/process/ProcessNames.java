package enishi.agent.process;

import enishi.model.ProcessId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Unit and container of processes that the kernel has named: from the process itself while it lives, else from what a
 * process of the same cgroup told before, else from the path of the cgroup. Those asked for lately are remembered.
 */
final class ProcessNames {
    private static final int REMEMBERED_MAX = 8_192;
    private final ProcessFiles files;
    private final CgroupTree tree;
    private final Map<Named, Owner> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, Cgroup> byCgroup = new LinkedHashMap<>(16, 0.75f, true);

    private record Named(ProcessId process, String name) {}

    ProcessNames(ProcessFiles files, CgroupTree tree) {
        this.files = files;
        this.tree = tree;
    }

    Owner named(ProcessId process, String name, long cgroup) {
        Named named = new Named(process, name);
        Owner owner = known.get(named);
        if (owner == null) {
            owner = new Owner(process, place(process, cgroup).program(name));
            known.put(named, owner);
            forgetOldest(known);
        }
        return owner;
    }

    /** Where every process shares one cgroup2, as on a v1 host, that one says nothing of another process. */
    private Cgroup place(ProcessId process, long cgroup) {
        Cgroup alive = files.cgroup(process).orElse(null);
        Cgroup byPath = tree.of(cgroup);
        if (alive != null) {
            if (!byPath.equals(Cgroup.NONE)) {
                byCgroup.put(cgroup, alive);
                forgetOldest(byCgroup);
            }
            return alive;
        }
        return byCgroup.getOrDefault(cgroup, byPath);
    }

    private static void forgetOldest(Map<?, ?> map) {
        if (map.size() > REMEMBERED_MAX) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
