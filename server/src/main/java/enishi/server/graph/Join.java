package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.graph.Addresses.Meant;
import enishi.server.graph.Ends.Known;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Client and server halves joined into dependencies.
 *
 * <p>Each client flow makes its own dependency. The server half knows its client only by address: it confirms the sum
 * of the client flows between the same addresses and port, which makes all of them seen from both ends, and its counts
 * are never split among them. Of the two ends one must name the other by its address, and the other must not speak
 * against it. A server flow that no client flow matches makes a dependency seen from the server.
 *
 * <p>Programs and hosts behind an endpoint change with time: of several halves or listeners only those count that were
 * seen while the client was. Where none was, one of both ends was not watched, and all of them count.
 *
 * <p>An attempt confirms nothing and is confirmed by nothing: a half proves that somebody was answered, and it was not
 * the one who was refused. A UDP flow without evidence takes a half only where no other flow does.
 */
public final class Join {
    private final Ends ends;
    private final Addresses addresses;
    private final Listening listening;
    private final Map<Between, List<FlowTotals>> halves = new HashMap<>();
    private final Set<FlowTotals> confirming = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What both halves agree on. Hosts and namespaces are compared after. */
    private record Between(Address client, Address server, int serverPort, Transport transport) {
        static Between of(Flow flow) {
            return new Between(flow.client(), flow.server(), flow.serverPort(), flow.transport());
        }
    }

    /** A client flow, whom it meant, and the halves that confirm it. */
    private record Client(FlowTotals flow, Meant meant, List<FlowTotals> confirmedBy) {}

    /** What the halves of one dependency tell together; the counts are one half's own. */
    private record Told(Known client, Known server, SeenFrom from, Set<Evidence> evidence) {}

    private Join(Collection<FlowTotals> flows, Hosts hosts, Collection<KnownListener> listeners) {
        ends = new Ends(hosts);
        addresses = new Addresses(hosts, flows);
        listening = new Listening(listeners);
        for (FlowTotals each : flows) {
            if (each.flow().role() == Role.SERVER && !each.isAttempt()) {
                halves.computeIfAbsent(Between.of(each.flow()), between -> new ArrayList<>())
                        .add(each);
            }
        }
    }

    /**
     * Joins these flows; every flow ends up in exactly one dependency or attempt, or confirms some. Each is joined by
     * itself, so all processors take part.
     */
    public static List<Joined> of(Collection<FlowTotals> flows, Hosts hosts, Collection<KnownListener> listeners) {
        Join join = new Join(flows, hosts, listeners);
        List<Client> proven = flows.parallelStream()
                .filter(each -> each.flow().role() == Role.CLIENT && !isSilent(each))
                .map(join::client)
                .toList();
        proven.forEach(each -> join.confirming.addAll(each.confirmedBy()));
        List<Client> silent = flows.stream()
                .filter(each -> each.flow().role() == Role.CLIENT && isSilent(each))
                .map(join::silent)
                .toList();
        silent.forEach(each -> join.confirming.addAll(each.confirmedBy()));
        List<Joined> joined = new ArrayList<>(flows.size());
        joined.addAll(proven.parallelStream().map(join::fromClient).toList());
        joined.addAll(silent.stream().map(join::fromClient).toList());
        joined.addAll(flows.parallelStream()
                .filter(each -> each.flow().role() == Role.SERVER && !join.confirming.contains(each))
                .map(join::fromServer)
                .toList());
        return joined;
    }

    /** A UDP socket seen only at its end: it may never have sent. */
    private static boolean isSilent(FlowTotals client) {
        return client.flow().transport() == Transport.UDP && client.evidence().isEmpty();
    }

    private Client client(FlowTotals flow) {
        Meant meant = addresses.meant(flow);
        return new Client(flow, meant, flow.isAttempt() ? List.of() : matching(flow, meant));
    }

    /** One that takes what confirms no proven flow. */
    private Client silent(FlowTotals flow) {
        Meant meant = addresses.meant(flow);
        List<FlowTotals> left = matching(flow, meant).stream()
                .filter(half -> !confirming.contains(half))
                .toList();
        return new Client(flow, meant, left);
    }

    /** The server halves that observed the same as this client flow. */
    private List<FlowTotals> matching(FlowTotals client, Meant server) {
        List<FlowTotals> between = halves.getOrDefault(Between.of(client.flow()), List.of());
        List<FlowTotals> agreeing = new ArrayList<>(between.size());
        for (FlowTotals half : between) {
            if (agree(client.flow(), server, half)) {
                agreeing.add(half);
            }
        }
        return meanwhile(client, agreeing, FlowTotals::firstSeenMillis, FlowTotals::lastSeenMillis);
    }

    private static <T> List<T> meanwhile(
            FlowTotals client, List<T> all, ToLongFunction<T> firstMillis, ToLongFunction<T> lastMillis) {
        if (all.size() < 2) {
            return all;
        }
        List<T> then = all.stream()
                .filter(each -> firstMillis.applyAsLong(each) <= client.lastSeenMillis() + Hosts.APART_MILLIS
                        && lastMillis.applyAsLong(each) >= client.firstSeenMillis() - Hosts.APART_MILLIS)
                .toList();
        return then.isEmpty() ? all : then;
    }

    private boolean agree(Flow client, Meant server, FlowTotals half) {
        if (!server.places().contains(Addresses.placeOf(half.flow()))) {
            return false;
        }
        Meant asking = addresses.meant(half);
        return asking.places().contains(Addresses.placeOf(client)) && (server.certain() || asking.certain());
    }

    private Joined fromClient(Client of) {
        FlowTotals client = of.flow();
        List<FlowTotals> confirmedBy = of.confirmedBy();
        if (!confirmedBy.isEmpty()) {
            Set<Evidence> evidence = EnumSet.noneOf(Evidence.class);
            evidence.addAll(client.evidence());
            confirmedBy.forEach(half -> evidence.addAll(half.evidence()));
            Known server = Known.observed(confirmedBy);
            return joined(
                    client,
                    new Told(Known.observed(List.of(client)), server, SeenFrom.BOTH, evidence),
                    client.isAttempt());
        }
        List<KnownListener> taking = taking(client, of.meant());
        Known server = listened(of.meant(), taking);
        Told told = new Told(Known.observed(List.of(client)), server, SeenFrom.CLIENT, client.evidence());
        return joined(client, told, client.isAttempt() || (isSilent(client) && taking.isEmpty()));
    }

    /** Who listened where a client's connections went. */
    private List<KnownListener> taking(FlowTotals client, Meant meant) {
        if (!meant.certain()) {
            return List.of();
        }
        Flow flow = client.flow();
        return meanwhile(
                client,
                listening.taking(meant.places(), flow.remote(), flow.serverPort(), flow.transport()),
                KnownListener::firstSeenMillis,
                KnownListener::lastSeenMillis);
    }

    /** Several programs behind one endpoint at the same time are not told apart: the program is then unknown. */
    private static Known listened(Meant meant, List<KnownListener> taking) {
        Set<Optional<Program>> programs = taking.stream()
                .map(each -> Optional.ofNullable(each.listener().program()))
                .collect(Collectors.toSet());
        return new Known(meant.places(), hostOf(meant), Known.common(programs), List.of());
    }

    private static @Nullable HostId hostOf(Meant meant) {
        return meant.certain() ? meant.places().getFirst().host() : null;
    }

    private Joined fromServer(FlowTotals server) {
        Meant meant = addresses.meant(server);
        Known client = new Known(meant.places(), hostOf(meant), null, List.of());
        Known observed = Known.observed(List.of(server));
        return joined(server, new Told(client, observed, SeenFrom.SERVER, server.evidence()), server.isAttempt());
    }

    private Joined joined(FlowTotals counts, Told told, boolean attempt) {
        Flow flow = counts.flow();
        Traffic traffic = counts.traffic();
        Dependency dependency = new Dependency(
                ends.client(told.client(), flow),
                ends.server(told.server(), flow),
                flow.transport(),
                Instant.ofEpochMilli(counts.firstSeenMillis()),
                Instant.ofEpochMilli(counts.lastSeenMillis()),
                counts.opened(),
                counts.failed(),
                counts.active(),
                traffic == null ? null : traffic.clientBytes(),
                traffic == null ? null : traffic.serverBytes(),
                counts.rttMicros() == 0 ? null : counts.rttMicros(),
                flow.transport() == Transport.TCP ? counts.retransmits() : null,
                told.from(),
                told.evidence(),
                List.of());
        return new Joined(dependency, told.client().side(), told.server().side(), attempt, false, flow);
    }
}
