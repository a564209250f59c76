package enishi.lab.fleet;

import enishi.lab.fleet.Activity.Mix;
import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hosts that depend on each other: each runs {@value #PROGRAMS} programs, every one of which listens, and has so many
 * dependencies, most of them on few hosts (the place of a target is the square of an even draw). No two dependencies of
 * a host share a server's port, so each is one flow at its client and one at its server.
 */
public final class Fleet {
    static final int PROGRAMS = 30;
    private static final int FIRST_PORT = 1_000;
    private final Size size;
    private final int[] targets;
    private final int[] dependentsFrom;
    private final int[] dependents;

    /**
     * How much of everything.
     *
     * @param dependencies of each host, as their client
     */
    public record Size(int hosts, int dependencies, Mix mix, long seed) {
        public int all() {
            return hosts * dependencies;
        }
    }

    public Fleet(Size size) {
        this.size = size;
        targets = new int[size.all()];
        dependentsFrom = new int[size.hosts() + 1];
        dependents = new int[size.all()];
        for (int each = 0; each < targets.length; each++) {
            targets[each] = target(each);
            dependentsFrom[targets[each] + 1]++;
        }
        for (int host = 0; host < size.hosts(); host++) {
            dependentsFrom[host + 1] += dependentsFrom[host];
        }
        int[] next = dependentsFrom.clone();
        for (int each = 0; each < targets.length; each++) {
            dependents[next[targets[each]]++] = each;
        }
    }

    Size size() {
        return size;
    }

    /** The first host from the one drawn on, on whose port no earlier dependency of this client is. */
    private int target(int dependency) {
        double even = Noise.of(size.seed(), dependency).below(1 << 20) / (double) (1 << 20);
        int target = (int) (even * even * size.hosts());
        int place = dependency % size.dependencies();
        int first = dependency - place;
        boolean taken = true;
        while (taken) {
            taken = false;
            for (int earlier = first + place % PROGRAMS; earlier < dependency; earlier += PROGRAMS) {
                taken |= targets[earlier] == target;
            }
            target = taken ? (target + 1) % size.hosts() : target;
        }
        return target;
    }

    public int clientOf(int dependency) {
        return dependency / size.dependencies();
    }

    public int serverOf(int dependency) {
        return targets[dependency];
    }

    /** The dependencies of which a host is the client. */
    int[] dependencies(int host) {
        return java.util.stream.IntStream.range(host * size.dependencies(), (host + 1) * size.dependencies())
                .toArray();
    }

    /** The dependencies of which a host is the server. */
    int[] dependents(int host) {
        return java.util.Arrays.copyOfRange(dependents, dependentsFrom[host], dependentsFrom[host + 1]);
    }

    public Host host(int host) {
        return new Host(
                id(host),
                "host-" + host,
                "boot-" + host,
                List.of(new HostAddress(0, address(host))),
                Map.of(Host.SITE, "lab", Host.ZONE, "zone-" + host % 10));
    }

    public HostId id(int host) {
        return new HostId(0x656e69736869L + size.seed(), host + 1L);
    }

    static Address address(int host) {
        return Address.ofV4(0x0a000000 + host + 1);
    }

    Flow clientFlow(int dependency) {
        int client = clientOf(dependency);
        return flow(client, serverOf(dependency), programOf(dependency), Role.CLIENT, dependency);
    }

    Flow serverFlow(int dependency) {
        return flow(serverOf(dependency), clientOf(dependency), serviceOf(dependency), Role.SERVER, dependency);
    }

    private Flow flow(int here, int there, int program, Role role, int dependency) {
        return new Flow(
                id(here),
                0,
                new Program("prog-" + program, "prog-" + program + ".service", null),
                role,
                address(here),
                address(there),
                FIRST_PORT + serviceOf(dependency),
                Transport.TCP);
    }

    /** Which of its host's programs asks. */
    int programOf(int dependency) {
        return Noise.of(dependency, size.seed() + 1).below(PROGRAMS);
    }

    /** Which of its host's programs is asked. */
    int serviceOf(int dependency) {
        return dependency % size.dependencies() % PROGRAMS;
    }

    /** In which minutes of an hour it is alive. */
    long minutes(int dependency, long hour) {
        return size.mix().of(dependency).minutes(dependency, hour);
    }

    /** What one end observes of a dependency in a minute in which it is alive. */
    Observation observation(int dependency, Role role, long minute) {
        Noise noise = Noise.of(dependency + size.seed(), minute);
        boolean always = size.mix().of(dependency) == Activity.ALWAYS;
        long opened = always
                ? (noise.below(4) == 0 ? noise.next().below(1_000) : 0)
                : 1 + noise.next().below(20);
        long begun = minute * 60_000 + (always ? 0 : noise.below(20_000));
        int program = role == Role.CLIENT ? programOf(dependency) : serviceOf(dependency);
        return new Observation(
                minute,
                opened,
                opened,
                0,
                always ? 1 + dependency % 7 : 0,
                new Traffic(opened * 300 + 40, opened * 2_000 + 90),
                200 + noise.next().next().below(300),
                0,
                begun,
                minute * 60_000 + 40_000 + noise.below(20_000),
                Set.of(role == Role.CLIENT ? Evidence.CONNECT : Evidence.ACCEPT),
                List.of(new ProcessId(1_000 + program, 50_000 + program * 77L)),
                0);
    }
}
