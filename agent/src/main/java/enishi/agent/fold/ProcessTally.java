package enishi.agent.fold;

import enishi.model.ProcessId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How often each process was counted. Most flows have one process, so one is kept without a map. */
final class ProcessTally {
    private @Nullable ProcessId one;
    private int ofOne;
    private @Nullable Map<ProcessId, Integer> all;

    void add(ProcessId process) {
        if (all != null) {
            all.merge(process, 1, Integer::sum);
        } else if (one == null || one.equals(process)) {
            one = process;
            ofOne++;
        } else {
            all = new HashMap<>();
            all.put(one, ofOne);
            all.put(process, 1);
        }
    }

    /** Takes back one {@link #add}. */
    void remove(ProcessId process) {
        if (all != null) {
            all.computeIfPresent(process, (who, count) -> count == 1 ? null : count - 1);
        } else if (process.equals(one) && --ofOne == 0) {
            one = null;
        }
    }

    boolean has(ProcessId process) {
        return all != null ? all.containsKey(process) : process.equals(one);
    }

    int size() {
        return all != null ? all.size() : one == null ? 0 : 1;
    }

    Set<ProcessId> processes() {
        return all != null ? all.keySet() : one == null ? Set.of() : Set.of(one);
    }
}
