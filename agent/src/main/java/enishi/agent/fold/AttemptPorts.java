package enishi.agent.fold;

import enishi.model.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scan of 65,536 ports is one fact, not 65,536 flows: beyond {@value #PORTS_MAX} different ports of one address that
 * one program asked in vain, further ones fold into port 0.
 */
final class AttemptPorts {
    static final int PORTS_MAX = 32;
    private static final int ASKERS_MAX = 10_000;
    private final Map<Asker, Set<Integer>> ports = new HashMap<>();

    private record Asker(@Nullable String program, long namespace, Address remote) {}

    int fold(@Nullable String program, long namespace, Address remote, int port) {
        if (ports.size() >= ASKERS_MAX) {
            ports.clear();
        }
        Set<Integer> asked = ports.computeIfAbsent(new Asker(program, namespace, remote), asker -> new HashSet<>());
        if (asked.contains(port)) {
            return port;
        }
        return asked.size() < PORTS_MAX && asked.add(port) ? port : 0;
    }
}
