package enishi.agent.fold;

import enishi.model.ProcessId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How often each process was counted. Most flows have one process, so one is kept without a map. */
final class ProcessTally {
    private @Nullable ProcessId one;
    private long ofOne;
    private @Nullable Map<ProcessId, Long> all;

    void add(ProcessId process) {
        add(process, 1);
    }

    void add(ProcessId process, long times) {
        if (all != null) {
            all.merge(process, times, Long::sum);
        } else if (one == null || one.equals(process)) {
            one = process;
            ofOne += times;
        } else {
            all = new HashMap<>();
            all.put(one, ofOne);
            all.put(process, times);
        }
    }

    /** Takes back one {@link #add}. */
    void remove(ProcessId process) {
        remove(process, 1);
    }

    void remove(ProcessId process, long times) {
        if (all != null) {
            all.computeIfPresent(process, (who, count) -> count <= times ? null : count - times);
        } else if (process.equals(one)) {
            ofOne -= times;
            if (ofOne <= 0) {
                one = null;
                ofOne = 0;
            }
        }
    }

    void clear() {
        one = null;
        ofOne = 0;
        all = null;
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
