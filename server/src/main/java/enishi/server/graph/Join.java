package enishi.server.graph;

import enishi.answer.Dependency.SeenFrom;
import enishi.model.Between;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Transport;
import enishi.server.graph.Addresses.Meant;
import enishi.server.graph.Ends.Known;
import enishi.server.graph.Telling.Told;
import enishi.server.graph.Through.Reached;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownListener;
import enishi.server.store.KnownTranslation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * <p>Where a translation stands between the ends, {@link Through} finds the other half.
 *
 * <p>An attempt confirms nothing and is confirmed by nothing: a half proves that somebody was answered, and it was not
 * the one who was refused. A UDP flow without evidence takes a half only where no other flow does.
 */
public final class Join {
    private final Telling telling;
    private final Addresses addresses;
    private final Listening listening;
    private final Through translated;
    private final Map<Between, List<FlowTotals>> halves = new HashMap<>();
    private final Set<FlowTotals> confirming = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * A client flow, whom it meant, and the halves that confirm it.
     *
     * @param through where translations led it, if they did
     */
    private record Client(FlowTotals flow, Meant meant, List<FlowTotals> confirmedBy, List<Reached> through) {}

    /** What was told beside flows. */
    private record Beside(
            Hosts hosts, Collection<KnownListener> listeners, Collection<KnownTranslation> translations) {}

    private Join(Collection<FlowTotals> flows, Beside beside) {
        telling = new Telling(beside.hosts());
        addresses = new Addresses(beside.hosts(), flows);
        listening = new Listening(beside.listeners());
        translated = new Through(new Ways(beside.translations(), beside.hosts(), addresses), telling, halves);
        for (FlowTotals each : flows) {
            if (each.flow().role() == Role.SERVER && !each.isAttempt()) {
                halves.computeIfAbsent(Between.of(each.flow()), between -> new ArrayList<>())
                        .add(each);
            }
        }
    }

    /** Of flows that nothing translates. */
    public static List<Joined> of(Collection<FlowTotals> flows, Hosts hosts, Collection<KnownListener> listeners) {
        return of(flows, hosts, listeners, List.of());
    }

    public static List<Joined> of(
            Collection<FlowTotals> flows,
            Hosts hosts,
            Collection<KnownListener> listeners,
            Collection<KnownTranslation> translations) {
        return stream(flows, hosts, listeners, translations).toList();
    }

    /**
     * Joins these flows; every flow ends up in exactly one dependency or attempt, or in one for each server that
     * translations led it to, or confirms some. Each is joined by itself, so all processors take part; and only when
     * it is asked for: there are many, and who folds them needs none for long.
     */
    public static Stream<Joined> stream(
            Collection<FlowTotals> all,
            Hosts hosts,
            Collection<KnownListener> listeners,
            Collection<KnownTranslation> translations) {
        Collection<FlowTotals> flows = Meeting.whateverTheName(all, translations);
        Join join = new Join(flows, new Beside(hosts, listeners, translations));
        List<Client> proven = flows.parallelStream()
                .filter(each -> each.flow().role() == Role.CLIENT && !isSilent(each))
                .map(join::client)
                .toList();
        proven.forEach(each -> join.translated.leads(each.confirmedBy(), each.through()));
        join.confirm(proven);
        List<Client> silent = flows.stream()
                .filter(each -> each.flow().role() == Role.CLIENT && isSilent(each))
                .map(join::silent)
                .toList();
        silent.forEach(each -> join.translated.leads(each.confirmedBy(), each.through()));
        join.confirm(silent);
        Stream<Joined> fromClients =
                Stream.concat(proven.parallelStream(), silent.parallelStream()).flatMap(join::fromClient);
        Stream<Joined> fromServers = flows.parallelStream()
                .filter(each -> each.flow().role() == Role.SERVER && !join.confirming.contains(each))
                .map(join::fromServer);
        return Stream.concat(fromClients, fromServers);
    }

    private void confirm(List<Client> clients) {
        for (Client each : clients) {
            if (each.through().isEmpty()) {
                confirming.addAll(each.confirmedBy());
            } else if (!each.flow().isAttempt()) {
                confirming.addAll(translated.confirming(each.flow(), each.through()));
            }
        }
    }

    /** A UDP socket seen only at its end: it may never have sent. */
    static boolean isSilent(FlowTotals client) {
        return client.flow().transport() == Transport.UDP && client.evidence().isEmpty();
    }

    private Client client(FlowTotals flow) {
        Meant meant = addresses.meant(flow);
        List<FlowTotals> direct = flow.isAttempt() ? List.of() : matching(flow, meant);
        return new Client(flow, meant, direct, translated.reached(flow, direct));
    }

    /** One that takes what confirms no proven flow. */
    private Client silent(FlowTotals flow) {
        Client all = client(flow);
        List<FlowTotals> left = all.confirmedBy().stream()
                .filter(half -> !confirming.contains(half))
                .toList();
        return new Client(flow, all.meant(), left, Through.without(confirming, all.through()));
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

    static <T> List<T> meanwhile(
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

    private Stream<Joined> fromClient(Client of) {
        return of.through().isEmpty()
                ? Stream.of(direct(of))
                : translated.joined(of.flow(), of.through(), this::listened).stream();
    }

    private Joined direct(Client of) {
        FlowTotals client = of.flow();
        List<FlowTotals> confirmedBy = of.confirmedBy();
        if (!confirmedBy.isEmpty()) {
            Known server = Known.observed(confirmedBy);
            Set<Evidence> evidence = Telling.evidence(client, confirmedBy);
            Told told = new Told(client, Known.observed(List.of(client)), server, SeenFrom.BOTH, evidence);
            return telling.joined(told, client.isAttempt());
        }
        List<KnownListener> taking = taking(client, of.meant(), Between.of(client.flow()));
        Told told = new Told(
                client,
                Known.observed(List.of(client)),
                listened(of.meant(), taking),
                SeenFrom.CLIENT,
                client.evidence());
        return telling.joined(told, client.isAttempt() || (isSilent(client) && taking.isEmpty()));
    }

    /** Who listened where a way through translations ended. */
    private Known listened(FlowTotals client, Meant meant, Between end) {
        return listened(meant, taking(client, meant, end));
    }

    /** Who listened where a client's connections went. */
    private List<KnownListener> taking(FlowTotals client, Meant meant, Between at) {
        if (!meant.certain()) {
            return List.of();
        }
        List<KnownListener> taking = at.transport() == Transport.UNIX
                ? listening.atSocket(meant.places(), client.flow())
                : listening.taking(meant.places(), at.server(), at.serverPort(), at.transport());
        return meanwhile(client, taking, KnownListener::firstSeenMillis, KnownListener::lastSeenMillis);
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
        return translated.fromServer(server).orElseGet(() -> {
            Meant meant = addresses.meant(server);
            Known client = new Known(meant.places(), hostOf(meant), null, List.of());
            Known observed = Known.observed(List.of(server));
            Told told = new Told(server, client, observed, SeenFrom.SERVER, server.evidence());
            return telling.joined(told, server.isAttempt());
        });
    }
}
