package enishi.server.graph;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Transport;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who answers to an address. A place holds an address if its host said so last, or if it spoke from that address within
 * the window: containers of yesterday are in no list of today.
 *
 * <p>One address may be held by many: the first container of every host is 172.17.0.2. Whom the remote end of a flow
 * means is decided by the first of these that applies; where none names a host, nothing is guessed:
 *
 * <ol>
 *   <li>Loopback, and whatever the asking namespace holds itself, is the asker: the kernel never sends it out. So is
 *       the key of a unix socket, which both ends have for an address.
 *   <li>What other namespaces of the asking host hold is meant there, not at other hosts that use the same private
 *       range. Only where the root namespace of another host holds it too, and this host's does not, either may be
 *       meant.
 *   <li>A link-local address means nobody on another host.
 *   <li>An address behind a {@linkplain Bridges bridge} that the asking host has as well is one of its own, seen or
 *       not: no namespace of another host is meant.
 *   <li>Between hosts, an address that one other host of the site holds names it; a {@linkplain Address#isGlobal()
 *       global} one does so between sites too. Where that host holds it only in a namespace of its own, the asking
 *       address must be no other host's either: on a private network both ends have addresses that repeat elsewhere.
 *   <li>Of several other hosts those are meant that reported, or spoke from the address, while the flow lasted: a host
 *       that was given up leaves its address to the next. If these are still several, it may be any of them.
 * </ol>
 */
final class Addresses {
    private final Hosts hosts;
    private final Map<Address, Map<HostId, Held>> holders = new HashMap<>();
    private final Bridges bridges;

    /** The places of one host at an address, the root namespace first. */
    private static final class Held {
        final List<Place> places = new ArrayList<>(1);

        /** Whether it spoke from there within the window. */
        boolean spoke;

        void add(Place place, boolean speaks) {
            spoke |= speaks;
            if (!places.contains(place)) {
                places.add(place);
                places.sort(Comparator.comparingLong(Place::namespace));
            }
        }
    }

    /**
     * Who asks for an address.
     *
     * @param local the address that asks; null where every address of the place may
     * @param meanwhile the flow while which
     */
    private record Asking(Place place, @Nullable Address local, Address remote, FlowTotals meanwhile) {}

    /** A host that may be meant, and where. */
    private record Candidate(HostId host, Held held, List<Place> places) {}

    /**
     * Whom an address may mean.
     *
     * @param places all who hold it and are not ruled out
     * @param certain whether these are one host's, and no other can be meant
     */
    record Meant(List<Place> places, boolean certain) {
        static final Meant NOBODY = new Meant(List.of(), false);
    }

    Addresses(Hosts hosts, Collection<FlowTotals> flows) {
        this.hosts = hosts;
        for (KnownHost known : hosts.all()) {
            for (HostAddress at : known.host().addresses()) {
                hold(at.address(), new Place(known.host().id(), at.namespace()), false);
            }
        }
        flows.stream()
                .map(FlowTotals::flow)
                .filter(each -> each.transport() != Transport.UNIX)
                .forEach(each -> hold(each.local(), placeOf(each), true));
        bridges = new Bridges(this::holds);
    }

    static Place placeOf(Flow flow) {
        return new Place(flow.host(), flow.namespace());
    }

    private void hold(Address address, Place place, boolean speaks) {
        if (!address.isLoopback() && !address.isWildcard()) {
            holders.computeIfAbsent(address, each -> new HashMap<>(2))
                    .computeIfAbsent(place.host(), each -> new Held())
                    .add(place, speaks);
        }
    }

    boolean holds(HostId host, Address address) {
        return holders.getOrDefault(address, Map.of()).containsKey(host);
    }

    /** Whether another host holds it itself, not in a namespace of its own, and this one does not hold it at all. */
    boolean isAnothers(Address address, HostId host) {
        Map<HostId, Held> held = holders.getOrDefault(address, Map.of());
        return !held.containsKey(host)
                && held.entrySet().stream()
                        .anyMatch(each -> each.getValue().places.getFirst().isRoot()
                                && (address.isGlobal() || hosts.isSameSite(each.getKey(), host)));
    }

    /** Whom the remote end of a flow may mean, seen from the place where the flow was observed. */
    Meant meant(FlowTotals of) {
        Flow flow = of.flow();
        return meant(new Asking(placeOf(flow), flow.local(), flow.remote(), of));
    }

    /** Whom an address may mean while a flow lasted, seen from a place through which its connections went. */
    Meant from(Place place, Address remote, FlowTotals meanwhile) {
        return meant(new Asking(place, null, remote, meanwhile));
    }

    private Meant meant(Asking of) {
        Place asker = of.place();
        Held held = holders.getOrDefault(of.remote(), Map.of()).get(asker.host());
        List<Place> own = held == null ? List.of() : held.places;
        if (of.remote().isLoopback() || of.remote().equals(of.local()) || own.contains(asker)) {
            return new Meant(List.of(asker), true);
        }
        boolean linkLocal = of.remote().isLinkLocal();
        if (own.isEmpty()) {
            return linkLocal ? Meant.NOBODY : atOthers(of);
        }
        List<Place> roots = linkLocal || own.getFirst().isRoot()
                ? List.of()
                : places(others(of)).stream().filter(Place::isRoot).toList();
        List<Place> either = new ArrayList<>(own);
        either.addAll(roots);
        return new Meant(either, roots.isEmpty());
    }

    private Meant atOthers(Asking of) {
        List<Candidate> others = others(of);
        if (others.size() != 1) {
            return new Meant(places(others), false);
        }
        List<Place> places = others.getFirst().places();
        return new Meant(places, places.getFirst().isRoot() || isOnlyHere(of));
    }

    private static List<Place> places(List<Candidate> candidates) {
        return candidates.size() == 1
                ? candidates.getFirst().places()
                : candidates.stream().flatMap(each -> each.places().stream()).toList();
    }

    /** Whether no other host held the address of this end while the flow lasted. */
    private boolean isOnlyHere(Asking of) {
        Address local = of.local();
        return local == null
                || (!local.isLinkLocal()
                        && holders.getOrDefault(local, Map.of()).entrySet().stream()
                                .noneMatch(each -> isOther(of, each.getKey(), local)
                                        && (each.getValue().spoke
                                                || hosts.reportedDuring(each.getKey(), of.meanwhile()))));
    }

    private boolean isOther(Asking of, HostId host, Address address) {
        HostId asker = of.place().host();
        return !host.equals(asker) && (address.isGlobal() || hosts.isSameSite(host, asker));
    }

    /** The other hosts that the remote address of a flow may mean. */
    private List<Candidate> others(Asking of) {
        List<Candidate> found = new ArrayList<>(1);
        holders.getOrDefault(of.remote(), Map.of()).forEach((host, held) -> {
            if (isOther(of, host, of.remote())) {
                List<Place> places = reachable(of, host, held.places);
                if (!places.isEmpty()) {
                    found.add(new Candidate(host, held, places));
                }
            }
        });
        if (found.size() < 2) {
            return found; // as nearly always: nobody else holds it
        }
        List<Candidate> then = found.stream()
                .filter(each -> each.held().spoke || hosts.reportedDuring(each.host(), of.meanwhile()))
                .toList();
        return then.isEmpty() ? found : then;
    }

    private List<Place> reachable(Asking of, HostId host, List<Place> places) {
        return places.getLast().isRoot() || !bridges.areShared(of.place().host(), host, of.remote())
                ? places
                : places.stream().filter(Place::isRoot).toList();
    }
}
