package enishi.lab.accuracy;

import enishi.lab.accuracy.Seen.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Joins what hosts told of their own ends: the clients' names from the one, the servers' from the other. */
final class Halves {
    private final Map<Seen, Set<String>> clients = new HashMap<>();
    private final Map<Seen, Set<String>> servers = new HashMap<>();

    /** The end of a program that asked. */
    void client(String host, String program, String serverHost, String transport, int port) {
        put(clients, new Seen(host, "", serverHost, "", transport, port), program);
    }

    /** The end of a program that was asked. */
    void server(String host, String program, String clientHost, String transport, int port) {
        put(servers, new Seen(clientHost, "", host, "", transport, port), program);
    }

    private static void put(Map<Seen, Set<String>> into, Seen service, String program) {
        Set<String> programs = into.computeIfAbsent(Level.SERVICE.cut(service), key -> new HashSet<>());
        if (!program.equals(Seen.UNKNOWN)) {
            programs.add(program);
        }
    }

    Set<Seen> joined() {
        Set<Seen> services = new HashSet<>(clients.keySet());
        services.addAll(servers.keySet());
        Set<Seen> joined = new HashSet<>();
        for (Seen each : services) {
            for (String client : namesOf(clients, each)) {
                for (String server : namesOf(servers, each)) {
                    joined.add(new Seen(
                            each.clientHost(), client, each.serverHost(), server, each.transport(), each.port()));
                }
            }
        }
        return joined;
    }

    private static Set<String> namesOf(Map<Seen, Set<String>> from, Seen service) {
        Set<String> names = from.getOrDefault(service, Set.of());
        return names.isEmpty() ? Set.of(Seen.UNKNOWN) : names;
    }
}
