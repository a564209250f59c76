package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.ServerEnd;
import enishi.model.Address;
import enishi.model.Between;
import enishi.model.Flow;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Transport;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.FlowTotals;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ends of a dependency as answers show them. */
final class Ends {
    private final Hosts hosts;

    /**
     * What is known of one end. What several candidates do not agree on is unknown.
     *
     * @param places where it is, or may be
     * @param host the host all of them are on, or null
     * @param program the program all of them name, or null
     * @param flows the flows observed at this end
     */
    record Known(
            List<Place> places,
            @Nullable HostId host,
            @Nullable Program program,
            List<FlowTotals> flows) {
        static Known observed(List<FlowTotals> flows) {
            if (flows.size() == 1) {
                Flow flow = flows.getFirst().flow();
                return new Known(List.of(Addresses.placeOf(flow)), flow.host(), flow.program(), flows);
            }
            List<Place> places = flows.stream()
                    .map(each -> Addresses.placeOf(each.flow()))
                    .distinct()
                    .toList();
            Set<HostId> hosts = places.stream().map(Place::host).collect(Collectors.toSet());
            Set<Optional<Program>> programs = flows.stream()
                    .map(each -> Optional.ofNullable(each.flow().program()))
                    .collect(Collectors.toSet());
            return new Known(places, hosts.size() == 1 ? hosts.iterator().next() : null, common(programs), flows);
        }

        /** The one program all name, or null. */
        static @Nullable Program common(Set<Optional<Program>> programs) {
            return programs.size() == 1 ? programs.iterator().next().orElse(null) : null;
        }

        Joined.Side side() {
            return new Joined.Side(host, places, processes());
        }

        List<ProcessId> processes() {
            return flows.size() == 1
                    ? flows.getFirst().processes()
                    : flows.stream()
                            .flatMap(each -> each.processes().stream())
                            .distinct()
                            .toList();
        }

        /** At most {@value Dependency#PIDS_MAX} of them; a pid means nothing without its host. */
        List<Integer> pids() {
            return host == null ? List.of() : pids(processes());
        }

        /** How many processes there were at least beside those listed. */
        long moreProcesses() {
            long unnamed = flows.stream().mapToLong(FlowTotals::moreProcesses).reduce(0, FlowTotals::sum);
            return FlowTotals.sum(unnamed, processes().size() - pids().size());
        }

        private static List<Integer> pids(Collection<ProcessId> processes) {
            if (processes.size() == 1) {
                return List.of(processes.iterator().next().pid());
            }
            return processes.stream()
                    .sorted()
                    .map(ProcessId::pid)
                    .distinct()
                    .limit(Dependency.PIDS_MAX)
                    .toList();
        }
    }

    Ends(Hosts hosts) {
        this.hosts = hosts;
    }

    ClientEnd client(Known end, Between at) {
        boolean addressed = at.transport() != Transport.UNIX;
        HostId host = end.host();
        Program program = end.program();
        return new ClientEnd(
                host == null ? null : hosts.label(host, Host.SITE),
                host == null ? null : hosts.label(host, Host.ZONE),
                host == null ? null : hosts.name(host),
                program == null ? null : program.name(),
                end.pids(),
                end.moreProcesses(),
                program == null ? null : program.service(),
                program == null ? null : program.container(),
                addressed ? at.client().toString() : null,
                addressed ? network(end, at.client()) : null);
    }

    /** @param name what it goes by, if that is known: over unix the path of its socket */
    ServerEnd server(Known end, Between at, @Nullable String name) {
        boolean addressed = at.transport() != Transport.UNIX;
        HostId host = end.host();
        Program program = end.program();
        return new ServerEnd(
                host == null ? null : hosts.label(host, Host.SITE),
                host == null ? null : hosts.label(host, Host.ZONE),
                host == null ? null : hosts.name(host),
                program == null ? null : program.name(),
                end.pids(),
                end.moreProcesses(),
                program == null ? null : program.service(),
                program == null ? null : program.container(),
                addressed ? at.server().toString() : null,
                addressed ? at.serverPort() : null,
                addressed ? name : null,
                addressed ? null : name,
                addressed ? network(end, at.server()) : null);
    }

    /** Where an end is whose host is unknown; what a watched host may hold is not called external. */
    private @Nullable String network(Known end, Address address) {
        if (end.host() != null) {
            return null;
        }
        String named = hosts.networks().of(address);
        boolean external = named == null && end.places().isEmpty() && address.isGlobal();
        return external ? Networks.EXTERNAL : named;
    }
}
