package enishi.lab;

import enishi.answer.Dependency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Real servers that depend on each other, each over IPv4 and over IPv6, every connection held open: a visitor asks
 * nginx, nginx asks appd, appd asks PostgreSQL and Redis, and a resolver asks named over connected UDP.
 *
 * <p>nginx, PostgreSQL, Redis and named run at the far place, the others at the near one: every connection crosses.
 */
final class WebStack implements AutoCloseable {
    private final OpenFolder folder = OpenFolder.create();
    private final Place near;
    private final Place far;
    private final Ports ports;
    private final Deque<RealProgram> running = new ArrayDeque<>();

    /** Where each of the servers listens. */
    record Ports(int web, int app, int postgres, int redis, int names) {
        Set<Integer> all() {
            return Set.of(web, app, postgres, redis, names);
        }
    }

    WebStack(Place near, Place far, Ports ports) throws Exception {
        this.near = near;
        this.far = far;
        this.ports = ports;
        try {
            start(folder.ownedBy("nobody", "postgres"));
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private void start(Path ofPostgres) throws Exception {
        running.push(Servers.postgres(ofPostgres, far, ports.postgres()));
        running.push(Servers.redis(folder.path(), far, ports.redis()));
        running.push(RealProgram.peer(
                folder.path(),
                "appd",
                near,
                act("listen tcp", near.v4(), ports.app(), ""),
                act("listen tcp", near.v6(), ports.app(), ""),
                act("ask tcp", far.v4(), ports.postgres(), "postgres"),
                act("ask tcp", far.v6(), ports.postgres(), "postgres"),
                act("ask tcp", far.v4(), ports.redis(), "redis"),
                act("ask tcp", far.v6(), ports.redis(), "redis")));
        running.push(Servers.nginx(folder.path(), far, ports.web(), near, ports.app()));
        running.push(RealProgram.peer(
                folder.path(),
                "visitor",
                near,
                act("ask tcp", far.v4(), ports.web(), "http"),
                act("ask tcp", far.v6(), ports.web(), "http")));
        running.push(RealProgram.peer(
                folder.path(),
                "named",
                far,
                act("listen udp", far.v4(), ports.names(), ""),
                act("listen udp", far.v6(), ports.names(), "")));
        running.push(RealProgram.peer(
                folder.path(),
                "resolver",
                near,
                act("ask udp", far.v4(), ports.names(), ""),
                act("ask udp", far.v6(), ports.names(), "")));
    }

    private static String act(String verb, String address, int port, String greeting) {
        return verb + " " + address + " " + port + " " + greeting;
    }

    Ports ports() {
        return ports;
    }

    /** Every dependency that a complete answer holds, and no other. */
    Set<Tie> ties() {
        Set<Tie> ties = new HashSet<>();
        for (String address : List.of(far.v4(), far.v6())) {
            ties.add(Tie.tcp("visitor", "nginx", address, ports.web()));
            ties.add(Tie.tcp("appd", "postgres", address, ports.postgres()));
            ties.add(Tie.tcp("appd", "redis-server", address, ports.redis()));
            ties.add(Tie.udp("resolver", "named", address, ports.names()));
        }
        ties.add(Tie.tcp("nginx", "appd", near.v4(), ports.app()));
        ties.add(Tie.tcp("nginx", "appd", near.v6(), ports.app()));
        return ties;
    }

    /** The ports that the kernel chose for the clients, as ss(8) tells them: a second witness. */
    List<Integer> ephemeralPorts() throws Exception {
        List<Integer> chosen = new ArrayList<>();
        for (Place place : new HashSet<>(List.of(near, far))) {
            chosen.addAll(Sockets.clientPorts(place, ports.all()));
        }
        return chosen;
    }

    /**
     * Whether a dependency is one of this stack's: by its server's address, and a port that is one of the servers' or
     * one of the clients', as it would be with the roles the wrong way round.
     */
    Predicate<Dependency> own() throws Exception {
        Set<Integer> mine = allPorts();
        return each -> {
            Integer port = each.server().port();
            String address = each.server().address();
            return port != null && address != null && mine.contains(port) && isHere(address);
        };
    }

    /** Whether a line of {@code export -o tuples} is one of this stack's, at whichever end its ports stand. */
    Predicate<List<String>> ownTuple() throws Exception {
        Set<String> mine = allPorts().stream().map(String::valueOf).collect(Collectors.toSet());
        return six -> isHere(six.get(2)) && (mine.contains(six.get(1)) || mine.contains(six.get(3)));
    }

    private Set<Integer> allPorts() throws Exception {
        Set<Integer> all = new HashSet<>(ephemeralPorts());
        all.addAll(ports.all());
        return all;
    }

    private boolean isHere(String address) {
        return near.addresses().contains(address) || far.addresses().contains(address);
    }

    @Override
    public void close() throws IOException {
        running.forEach(RealProgram::close);
        folder.close();
    }
}
