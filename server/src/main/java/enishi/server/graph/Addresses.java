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
 *   <li>Between hosts, an address that one other host of the site holds names it. Where that host holds it only in a
 *       namespace of its own, the asking address must be no other host's either: on a private network both ends have
 *       addresses that repeat elsewhere.
 *   <li>An address that several other hosts hold may mean any of them.
 * </ol>
 */
final class Addresses {
    private final Hosts hosts;

    /** By address and host its places there, the root namespace first. */
    private final Map<Address, Map<HostId, List<Place>>> holders = new HashMap<>();

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
                hold(at.address(), new Place(known.host().id(), at.namespace()));
            }
        }
        flows.stream()
                .map(FlowTotals::flow)
                .filter(each -> each.transport() != Transport.UNIX)
                .forEach(each -> hold(each.local(), placeOf(each)));
    }

    static Place placeOf(Flow flow) {
        return new Place(flow.host(), flow.namespace());
    }

    private void hold(Address address, Place place) {
        if (address.isLoopback() || address.isWildcard()) {
            return;
        }
        List<Place> places = holders.computeIfAbsent(address, each -> new HashMap<>(2))
                .computeIfAbsent(place.host(), each -> new ArrayList<>(1));
        if (!places.contains(place)) {
            places.add(place);
            places.sort(Comparator.comparingLong(Place::namespace));
        }
    }

    /** Whom the remote end of a flow may mean, seen from the place where the flow was observed. */
    Meant meant(Flow flow) {
        Place asker = placeOf(flow);
        Map<HostId, List<Place>> held = holders.getOrDefault(flow.remote(), Map.of());
        List<Place> own = held.getOrDefault(asker.host(), List.of());
        if (flow.remote().isLoopback() || flow.remote().equals(flow.local()) || own.contains(asker)) {
            return new Meant(List.of(asker), true);
        }
        boolean linkLocal = flow.remote().isLinkLocal();
        if (own.isEmpty()) {
            return linkLocal ? Meant.NOBODY : atOthers(flow, held);
        }
        List<Place> roots = linkLocal || own.getFirst().isRoot()
                ? List.of()
                : others(asker.host(), held).stream().filter(Place::isRoot).toList();
        List<Place> either = new ArrayList<>(own);
        either.addAll(roots);
        return new Meant(either, roots.isEmpty());
    }

    private Meant atOthers(Flow flow, Map<HostId, List<Place>> held) {
        List<Place> others = others(flow.host(), held);
        boolean one = !others.isEmpty()
                && others.getFirst().host().equals(others.getLast().host());
        boolean certain = one && (others.getFirst().isRoot() || isOnlyHere(flow.local(), flow.host()));
        return new Meant(others, certain);
    }

    /** Whether no other host of the site holds an address of this one. */
    private boolean isOnlyHere(Address local, HostId host) {
        return !local.isLinkLocal()
                && others(host, holders.getOrDefault(local, Map.of())).isEmpty();
    }

    /** The places of other hosts of the site, one host's after the other's. */
    private List<Place> others(HostId asker, Map<HostId, List<Place>> held) {
        List<Place> found = List.of();
        for (Map.Entry<HostId, List<Place>> each : held.entrySet()) {
            if (!each.getKey().equals(asker) && hosts.isSameSite(each.getKey(), asker)) {
                if (found.isEmpty()) {
                    found = each.getValue(); // as nearly always: nobody else holds it
                } else {
                    found = new ArrayList<>(found);
                    found.addAll(each.getValue());
                }
            }
        }
        return found;
    }
}
