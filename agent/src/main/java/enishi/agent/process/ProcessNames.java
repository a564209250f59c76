package enishi.agent.process;

import enishi.agent.container.ContainerNames;
import enishi.model.ProcessId;
import enishi.model.Program;
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
    private final ContainerNames containers;
    private final Map<Named, Placed> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, Cgroup> byCgroup = new LinkedHashMap<>(16, 0.75f, true);

    private record Named(ProcessId process, String name) {}

    /** An owner and where it was found. */
    private record Placed(Owner owner, Cgroup place) {}

    ProcessNames(ProcessFiles files, CgroupTree tree, ContainerNames containers) {
        this.files = files;
        this.tree = tree;
        this.containers = containers;
    }

    Owner named(ProcessId process, String name, long cgroup) {
        Named named = new Named(process, name);
        Placed placed = known.get(named);
        if (placed == null) {
            Cgroup place = place(process, cgroup);
            placed = new Placed(new Owner(process, place.program(name, containers)), place);
            known.put(named, placed);
            forgetOldest(known);
        } else if (placed.place().isNumbered()) {
            placed = renamed(named, placed);
        }
        return placed.owner();
    }

    /** The name of a container may have been learnt since. */
    private Placed renamed(Named named, Placed before) {
        Program now = before.place().program(named.name(), containers);
        if (now.equals(before.owner().program())) {
            return before;
        }
        Placed after = new Placed(new Owner(named.process(), now), before.place());
        known.put(named, after);
        return after;
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
