package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.Dependency.ServerEnd;
import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Client and server halves joined into dependencies.
 *
 * <p>Each client flow makes its own dependency. The server half knows its client only by address: it confirms the sum
 * of the client flows between the same addresses and port, which makes all of them seen from both ends, and its counts
 * are never split among them. A server flow that no client flow matches makes a dependency seen from the server.
 */
public final class Join {
    private final Hosts hosts;
    private final Map<HostId, List<KnownListener>> listeners = new HashMap<>();
    private final Map<Between, List<FlowTotals>> serverHalves = new HashMap<>();
    private final Set<FlowTotals> confirmed = new HashSet<>();

    /** What both halves agree on. Hosts and namespaces are compared after. */
    private record Between(Address client, Address server, int serverPort, Transport transport) {
        static Between of(Flow flow) {
            return new Between(flow.client(), flow.server(), flow.serverPort(), flow.transport());
        }
    }

    /** The asked end, as far as it is known. */
    private record Asked(@Nullable HostId host, @Nullable Program program, List<FlowTotals> halves) {}

    private Join(Hosts hosts, Collection<KnownListener> known) {
        this.hosts = hosts;
        known.forEach(each -> listeners
                .computeIfAbsent(each.listener().host(), host -> new ArrayList<>())
                .add(each));
    }

    /** Joins these flows; every flow ends up in exactly one dependency, or confirms some. */
    public static List<Joined> of(Collection<FlowTotals> flows, Hosts hosts, Collection<KnownListener> listeners) {
        Join join = new Join(hosts, listeners);
        flows.stream()
                .filter(each -> each.flow().role() == Role.SERVER)
                .forEach(each -> join.serverHalves
                        .computeIfAbsent(Between.of(each.flow()), between -> new ArrayList<>())
                        .add(each));
        List<Joined> joined = new ArrayList<>();
        flows.stream()
                .filter(each -> each.flow().role() == Role.CLIENT)
                .forEach(each -> joined.add(join.fromClient(each)));
        flows.stream()
                .filter(each -> each.flow().role() == Role.SERVER && !join.confirmed.contains(each))
                .forEach(each -> joined.add(join.fromServer(each)));
        return joined;
    }

    private Joined fromClient(FlowTotals client) {
        Flow flow = client.flow();
        Asked asked = asked(flow);
        confirmed.addAll(asked.halves());
        boolean silent = flow.transport() == Transport.UDP && client.evidence().isEmpty();
        boolean attempt = client.isAttempt() || (silent && !isAnswered(flow, asked));
        Set<Evidence> evidence = EnumSet.noneOf(Evidence.class);
        evidence.addAll(client.evidence());
        asked.halves().forEach(half -> evidence.addAll(half.evidence()));
        List<ProcessId> serverProcesses = asked.halves().stream()
                .flatMap(half -> half.processes().stream())
                .toList();
        Dependency dependency = new Dependency(
                clientEnd(flow.host(), flow.program(), client, flow.local()),
                serverEnd(asked, serverProcesses, flow),
                flow.transport(),
                Instant.ofEpochMilli(client.firstSeenMillis()),
                Instant.ofEpochMilli(client.lastSeenMillis()),
                client.opened(),
                client.failed(),
                client.active(),
                clientBytes(client.traffic()),
                serverBytes(client.traffic()),
                rtt(client),
                flow.transport() == Transport.TCP ? client.retransmits() : null,
                asked.halves().isEmpty() ? SeenFrom.CLIENT : SeenFrom.BOTH,
                evidence,
                List.of());
        return new Joined(dependency, Optional.of(flow.host()), Optional.ofNullable(asked.host()), attempt);
    }

    /** Several programs behind one endpoint within the window are not told apart: the program is then unknown. */
    private Asked asked(Flow client) {
        List<Place> owners = hosts.owners(client.remote(), new Place(client.host(), client.namespace()));
        List<FlowTotals> halves = serverHalves.getOrDefault(Between.of(client), List.of()).stream()
                .filter(half -> owners.contains(
                        new Place(half.flow().host(), half.flow().namespace())))
                .toList();
        if (!halves.isEmpty()) {
            Set<HostId> at = new HashSet<>();
            Set<Optional<Program>> programs = new HashSet<>();
            halves.forEach(half -> {
                at.add(half.flow().host());
                programs.add(Optional.ofNullable(half.flow().program()));
            });
            HostId host = at.size() == 1 ? at.iterator().next() : null;
            return new Asked(
                    host, programs.size() == 1 ? programs.iterator().next().orElse(null) : null, halves);
        }
        if (owners.size() != 1) {
            return new Asked(null, null, List.of());
        }
        Set<Optional<Program>> programs = new HashSet<>();
        listening(owners.getFirst(), client)
                .forEach(
                        each -> programs.add(Optional.ofNullable(each.listener().program())));
        return new Asked(
                owners.getFirst().host(),
                programs.size() == 1 ? programs.iterator().next().orElse(null) : null,
                List.of());
    }

    private List<KnownListener> listening(Place at, Flow client) {
        return listeners.getOrDefault(at.host(), List.of()).stream()
                .filter(each -> each.listener().namespace() == at.namespace()
                        && each.listener().takes(client.remote(), client.serverPort(), client.transport()))
                .toList();
    }

    private boolean isAnswered(Flow flow, Asked asked) {
        return !asked.halves().isEmpty()
                || hosts.owners(flow.remote(), new Place(flow.host(), flow.namespace())).stream()
                        .anyMatch(at -> !listening(at, flow).isEmpty());
    }

    private Joined fromServer(FlowTotals server) {
        Flow flow = server.flow();
        List<Place> clients = hosts.owners(flow.remote(), new Place(flow.host(), flow.namespace()));
        HostId client = clients.size() == 1 ? clients.getFirst().host() : null;
        Asked asked = new Asked(flow.host(), flow.program(), List.of(server));
        Dependency dependency = new Dependency(
                clientEnd(client, null, null, flow.remote()),
                serverEnd(asked, server.processes(), flow),
                flow.transport(),
                Instant.ofEpochMilli(server.firstSeenMillis()),
                Instant.ofEpochMilli(server.lastSeenMillis()),
                server.opened(),
                server.failed(),
                server.active(),
                clientBytes(server.traffic()),
                serverBytes(server.traffic()),
                rtt(server),
                flow.transport() == Transport.TCP ? server.retransmits() : null,
                SeenFrom.SERVER,
                server.evidence(),
                List.of());
        return new Joined(dependency, Optional.ofNullable(client), Optional.of(flow.host()), server.isAttempt());
    }

    private ClientEnd clientEnd(
            @Nullable HostId host, @Nullable Program program, @Nullable FlowTotals totals, Address address) {
        return new ClientEnd(
                host == null ? null : hosts.label(host, Host.SITE),
                host == null ? null : hosts.label(host, Host.ZONE),
                host == null ? null : hosts.name(host),
                program == null ? null : program.name(),
                totals == null ? List.of() : pids(totals.processes()),
                totals == null ? 0 : totals.moreProcesses(),
                program == null ? null : program.service(),
                program == null ? null : program.container(),
                address.toString());
    }

    private ServerEnd serverEnd(Asked asked, List<ProcessId> processes, Flow flow) {
        HostId host = asked.host();
        Program program = asked.program();
        return new ServerEnd(
                host == null ? null : hosts.label(host, Host.SITE),
                host == null ? null : hosts.label(host, Host.ZONE),
                host == null ? null : hosts.name(host),
                program == null ? null : program.name(),
                program == null ? List.of() : pids(processes),
                asked.halves().stream()
                        .mapToLong(FlowTotals::moreProcesses)
                        .max()
                        .orElse(0),
                program == null ? null : program.service(),
                program == null ? null : program.container(),
                flow.server().toString(),
                flow.serverPort(),
                null);
    }

    private static List<Integer> pids(List<ProcessId> processes) {
        return processes.stream()
                .map(ProcessId::pid)
                .distinct()
                .sorted()
                .limit(16)
                .toList();
    }

    private static @Nullable Long clientBytes(@Nullable Traffic traffic) {
        return traffic == null ? null : traffic.clientBytes();
    }

    private static @Nullable Long serverBytes(@Nullable Traffic traffic) {
        return traffic == null ? null : traffic.serverBytes();
    }

    private static @Nullable Integer rtt(FlowTotals totals) {
        return totals.rttMicros() == 0 ? null : totals.rttMicros();
    }
}
