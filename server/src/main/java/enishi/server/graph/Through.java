package enishi.server.graph;

import enishi.answer.Dependency.Asked;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Between;
import enishi.model.HostId;
import enishi.server.graph.Addresses.Meant;
import enishi.server.graph.Ends.Known;
import enishi.server.graph.Hosts.Place;
import enishi.server.graph.Telling.Passage;
import enishi.server.graph.Telling.Told;
import enishi.server.graph.Ways.Way;
import enishi.server.store.FlowTotals;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Halves joined through translations. The dependency names the true ends; whoever translated is none of them.
 *
 * <p>A client flow that was led to one server is one dependency with the client's counts. One that was led to several
 * is one for each server half that nobody else can have been led to, with that half's own counts. Where that cannot be
 * told of all of them, the client flow stays a half, and so do those of the servers: their counts are not split.
 */
final class Through {
    private final Ways ways;
    private final Telling telling;
    private final Map<Between, List<FlowTotals>> halves;
    private final IdentityHashMap<FlowTotals, Integer> leading = new IdentityHashMap<>();

    /**
     * Where a client flow was led, and the halves there.
     *
     * @param ways all that lead there; none where it asked for that itself
     */
    record Reached(Between end, List<Way> ways, List<FlowTotals> halves) {
        List<HostId> via() {
            return hosts(ways);
        }

        Reached without(Set<FlowTotals> taken) {
            return new Reached(
                    end,
                    ways,
                    halves.stream().filter(half -> !taken.contains(half)).toList());
        }
    }

    /** Who listens at the end of a way. */
    interface Listener {
        Known at(FlowTotals client, Meant meant, Between end);
    }

    /** @param halves the server halves by what they see */
    Through(Ways ways, Telling telling, Map<Between, List<FlowTotals>> halves) {
        this.ways = ways;
        this.telling = telling;
        this.halves = halves;
    }

    private static List<HostId> hosts(List<Way> ways) {
        return ways.stream().flatMap(each -> each.hosts().stream()).distinct().toList();
    }

    /** Where translations led a client flow; nothing if none did. */
    List<Reached> reached(FlowTotals client, List<FlowTotals> direct) {
        if (ways.isEmpty()) {
            return List.of();
        }
        Map<Between, List<Way>> byEnd = new LinkedHashMap<>();
        ways.from(client, halves::containsKey)
                .forEach(each -> byEnd.computeIfAbsent(each.end(), end -> new ArrayList<>(1))
                        .add(each));
        if (byEnd.isEmpty()) {
            return List.of();
        }
        List<Reached> reached = new ArrayList<>();
        byEnd.forEach((end, all) -> reached.add(new Reached(end, all, halvesAt(client, end, all))));
        if (direct.isEmpty()) {
            return reached;
        }
        if (reached.stream().allMatch(each -> each.halves().isEmpty())) {
            return List.of(); // who was asked answered, and nobody else did: what is left over leads nowhere
        }
        reached.addFirst(new Reached(Between.of(client.flow()), List.of(), direct));
        return reached;
    }

    /** Where a flow may have been led to that takes only halves which others have not taken. */
    static List<Reached> without(Set<FlowTotals> taken, List<Reached> through) {
        List<Reached> left = through.stream().map(each -> each.without(taken)).toList();
        List<Reached> answering =
                left.stream().filter(each -> !each.halves().isEmpty()).toList();
        return answering.isEmpty() ? left : answering;
    }

    private List<FlowTotals> halvesAt(FlowTotals client, Between end, List<Way> all) {
        List<FlowTotals> there = halves.getOrDefault(end, List.of()).stream()
                .filter(half -> all.stream().anyMatch(way -> ways.leadsTo(way, client, half)))
                .toList();
        return client.isAttempt()
                ? List.of()
                : Join.meanwhile(client, there, FlowTotals::firstSeenMillis, FlowTotals::lastSeenMillis);
    }

    /** Takes note of a client flow that was led to halves; of all flows before any is joined. */
    void leads(List<FlowTotals> direct, List<Reached> through) {
        if (!ways.isEmpty()) {
            Stream<FlowTotals> all =
                    through.isEmpty() ? direct.stream() : through.stream().flatMap(each -> each.halves().stream());
            all.forEach(each -> leading.merge(each, 1, Integer::sum));
        }
    }

    /** The halves that confirm a client flow. */
    List<FlowTotals> confirming(FlowTotals client, List<Reached> through) {
        return through.size() == 1 || isToldApart(client, through)
                ? through.stream().flatMap(each -> each.halves().stream()).toList()
                : List.of();
    }

    /** Whether at each of several ends there are halves that nobody else can have been led to. */
    private boolean isToldApart(FlowTotals client, List<Reached> through) {
        Between asked = Between.of(client.flow());
        return through.stream()
                .allMatch(each -> !each.halves().isEmpty()
                        && each.halves().stream()
                                .allMatch(half -> leading.getOrDefault(half, 0) == 1
                                        && ways.to(half).stream()
                                                .allMatch(way -> way.end().equals(asked))));
    }

    /** The dependencies of a client flow that translations led somewhere. */
    List<Joined> joined(FlowTotals client, List<Reached> through, Listener listener) {
        if (through.size() == 1) {
            return List.of(toOne(client, through.getFirst(), listener));
        }
        return client.isAttempt() || !isToldApart(client, through)
                ? List.of(toSome(client, through))
                : through.stream()
                        .flatMap(each -> each.halves().stream().map(half -> split(client, each, half)))
                        .toList();
    }

    private Joined toOne(FlowTotals client, Reached to, Listener listener) {
        boolean confirmed = !to.halves().isEmpty();
        Known server = confirmed
                ? Known.observed(to.halves())
                : listener.at(client, ways.server(to.ways().getFirst(), client), to.end());
        Told told = new Told(
                client,
                Known.observed(List.of(client)),
                server,
                confirmed ? SeenFrom.BOTH : SeenFrom.CLIENT,
                Telling.evidence(client, to.halves()));
        return telling.joined(told, passage(client, to.end(), to.via()), isAttempt(client, to.halves()), client.flow());
    }

    /** A UDP socket seen only at its end may never have sent. */
    private static boolean isAttempt(FlowTotals client, List<FlowTotals> halves) {
        return client.isAttempt() || (Join.isSilent(client) && halves.isEmpty());
    }

    private Joined split(FlowTotals client, Reached to, FlowTotals half) {
        Told told = new Told(
                half,
                Known.observed(List.of(client)),
                Known.observed(List.of(half)),
                SeenFrom.BOTH,
                Telling.evidence(client, List.of(half)));
        Object identity = List.of(client.flow(), half.flow());
        return telling.joined(told, passage(client, to.end(), to.via()), half.isAttempt(), identity);
    }

    /**
     * Of several servers, which cannot be told apart, only the program is told that they have in common: with a host,
     * these counts would be added to those of the servers' halves.
     */
    private Joined toSome(FlowTotals client, List<Reached> through) {
        List<Way> all = through.stream().flatMap(each -> each.ways().stream()).toList();
        boolean known = through.stream().noneMatch(each -> each.halves().isEmpty());
        List<FlowTotals> there =
                through.stream().flatMap(each -> each.halves().stream()).toList();
        Known common = Known.observed(there);
        Known server = new Known(common.places(), null, known ? common.program() : null, List.of());
        Between asked = Between.of(client.flow());
        Told told = new Told(client, Known.observed(List.of(client)), server, SeenFrom.CLIENT, client.evidence());
        return telling.joined(
                told,
                new Passage(asked, new Asked(asked.server().toString(), asked.serverPort()), hosts(all)),
                isAttempt(client, there),
                client.flow());
    }

    private static Passage passage(FlowTotals client, Between end, List<HostId> via) {
        Between asked = Between.of(client.flow());
        Between ends = new Between(asked.client(), end.server(), end.serverPort(), end.transport());
        return new Passage(ends, via.isEmpty() ? null : new Asked(asked.server().toString(), asked.serverPort()), via);
    }

    /** The dependency of a server half that no client flow was led to; empty if nothing was translated on its way. */
    Optional<Joined> fromServer(FlowTotals half) {
        List<Way> all = ways.isEmpty() ? List.of() : ways.to(half);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Between seen = Between.of(half.flow());
        Set<Between> begun = all.stream().map(Way::end).collect(Collectors.toSet());
        boolean one = begun.stream().map(Between::client).distinct().count() == 1;
        Between from = begun.iterator().next();
        Between ends =
                new Between(one ? from.client() : seen.client(), seen.server(), seen.serverPort(), seen.transport());
        Asked asked = begun.size() == 1 ? new Asked(from.server().toString(), from.serverPort()) : null;
        Told told = new Told(
                half,
                one ? client(all, half) : new Known(List.of(), null, null, List.of()),
                Known.observed(List.of(half)),
                SeenFrom.SERVER,
                half.evidence());
        return Optional.of(telling.joined(told, new Passage(ends, asked, hosts(all)), half.isAttempt(), half.flow()));
    }

    /** Whom the one address from which all ways begin means, as all their first steps see it. */
    private Known client(List<Way> all, FlowTotals half) {
        List<Meant> meant = all.stream().map(each -> ways.client(each, half)).toList();
        List<Place> places = meant.stream()
                .flatMap(each -> each.places().stream())
                .distinct()
                .toList();
        boolean certain = places.stream().map(Place::host).distinct().count() == 1
                && meant.stream().allMatch(Meant::certain);
        return new Known(places, certain ? places.getFirst().host() : null, null, List.of());
    }
}
