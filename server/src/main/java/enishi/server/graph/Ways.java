package enishi.server.graph;

import enishi.model.Between;
import enishi.model.HostId;
import enishi.model.Translation;
import enishi.server.graph.Addresses.Meant;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownTranslation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ways that connections take through translations. A translation is a step on a flow's way if it goes on from where
 * the way has come to, was seen while the flow lasted, was done on a host that shares the flow's address space, and if
 * who asks, seen from there, is whom the flow was observed at.
 */
final class Ways {
    /** A connection is translated where it leaves, at a gateway or two, and where it arrives. */
    static final int STEPS_MAX = 4;

    /** So many translations are looked at for one flow: the ways through them may be far more. */
    private static final int LOOKED_AT_MAX = 1_000;

    private final Map<Between, List<KnownTranslation>> byBefore = new HashMap<>();
    private final Map<Between, List<KnownTranslation>> byAfter = new HashMap<>();
    private final Hosts hosts;
    private final Addresses addresses;

    /**
     * A way, in the order in which a connection takes it.
     *
     * @param end of a client's way what the server sees; of a server's what the client asked for
     */
    record Way(Between end, List<Translation> steps) {
        Way {
            steps = List.copyOf(steps);
        }

        Place first() {
            return placeOf(steps.getFirst());
        }

        Place last() {
            return placeOf(steps.getLast());
        }

        List<HostId> hosts() {
            return steps.stream().map(Translation::host).distinct().toList();
        }
    }

    Ways(Collection<KnownTranslation> all, Hosts hosts, Addresses addresses) {
        this.hosts = hosts;
        this.addresses = addresses;
        for (KnownTranslation each : all) {
            byBefore.computeIfAbsent(Between.before(each.translation()), key -> new ArrayList<>(1))
                    .add(each);
            byAfter.computeIfAbsent(Between.after(each.translation()), key -> new ArrayList<>(1))
                    .add(each);
        }
    }

    private static Place placeOf(Translation each) {
        return new Place(each.host(), each.namespace());
    }

    boolean isEmpty() {
        return byBefore.isEmpty();
    }

    /**
     * The ways of a client flow, each as far as it leads, and to every server half on it. None where there are too many
     * to look at, lest some of its servers be taken for all.
     *
     * @param isHalf whether a server half sees that
     */
    List<Way> from(FlowTotals client, Predicate<Between> isHalf) {
        Search search = new Search(client);
        search.goOn(Going.begun(client), isHalf);
        return search.isCut() ? List.of() : search.found;
    }

    /** The ways on which connections may have come to a server half, from where they began, as far as is looked. */
    List<Way> to(FlowTotals half) {
        Search search = new Search(half);
        Between seen = Between.of(half.flow());
        search.comeFrom(seen, new ArrayDeque<>(), new HashSet<>(Set.of(seen)));
        return search.found;
    }

    /**
     * A way being gone.
     *
     * @param holder who holds the address that asks; null where a translation has put another in its place
     */
    private record Going(
            Between begun,
            Between at,
            List<Translation> steps,
            @Nullable Place holder) {

        static Going begun(FlowTotals client) {
            Between asked = Between.of(client.flow());
            return new Going(asked, asked, List.of(), Addresses.placeOf(client.flow()));
        }

        boolean wasAt(Between next) {
            return next.equals(begun)
                    || steps.stream().anyMatch(each -> Between.after(each).equals(next));
        }

        Going then(Translation step) {
            List<Translation> all = new ArrayList<>(steps);
            all.add(step);
            boolean same = step.client().equals(step.seenAs());
            return new Going(begun, Between.after(step), all, same ? holder : null);
        }
    }

    /** The ways of one flow being looked for. */
    private final class Search {
        private final FlowTotals flow;
        private final List<Way> found = new ArrayList<>();
        private int lookedAt;

        Search(FlowTotals flow) {
            this.flow = flow;
        }

        boolean isCut() {
            return lookedAt > LOOKED_AT_MAX;
        }

        private boolean mayLook() {
            lookedAt++;
            return !isCut();
        }

        /** @return whether it leads anywhere */
        boolean goOn(Going way, Predicate<Between> isHalf) {
            boolean leads = false;
            for (KnownTranslation each : byBefore.getOrDefault(way.at(), List.of())) {
                if (!mayLook()) {
                    return leads;
                }
                Going next = way.then(each.translation());
                if (!way.wasAt(next.at()) && isOn(each, flow) && isAsker(way, each.translation(), flow)) {
                    leads = true;
                    boolean further = next.steps().size() < STEPS_MAX && goOn(next, isHalf);
                    if (!further || isHalf.test(next.at())) {
                        found.add(new Way(next.at(), next.steps()));
                    }
                }
            }
            return leads;
        }

        void comeFrom(Between at, Deque<Translation> steps, Set<Between> been) {
            boolean begins = true;
            for (KnownTranslation each : byAfter.getOrDefault(at, List.of())) {
                if (!mayLook()) {
                    return;
                }
                Between before = Between.before(each.translation());
                boolean arrives = !steps.isEmpty() || isServer(flow, each.translation());
                if (steps.size() < STEPS_MAX && arrives && isOn(each, flow) && been.add(before)) {
                    begins = false;
                    steps.addFirst(each.translation());
                    comeFrom(before, steps, been);
                    steps.removeFirst();
                    been.remove(before);
                }
            }
            if (begins && !steps.isEmpty()) {
                found.add(new Way(at, List.copyOf(steps)));
            }
        }
    }

    private boolean isAsker(Going way, Translation step, FlowTotals flow) {
        Place holder = way.holder();
        return holder == null
                || addresses.from(placeOf(step), step.client(), flow).places().contains(holder);
    }

    private boolean isOn(KnownTranslation each, FlowTotals flow) {
        return each.firstMinute() * 60_000 <= flow.lastSeenMillis() + Hosts.APART_MILLIS
                && (each.lastMinute() + 1) * 60_000 > flow.firstSeenMillis() - Hosts.APART_MILLIS
                && isWithinReach(each.translation(), flow.flow().host())
                && isBelieved(each.translation());
    }

    /**
     * Whether its host can have done it: in place of whoever asks a host puts nobody else who is watched, and what is
     * meant for another who is watched it sends on only where itself asks.
     */
    private boolean isBelieved(Translation each) {
        HostId host = each.host();
        boolean asOther = !each.seenAs().equals(each.client());
        boolean elsewhere = !each.server().equals(each.asked()) || each.serverPort() != each.askedPort();
        return !(asOther && addresses.isAnothers(each.seenAs(), host))
                && !(elsewhere && addresses.isAnothers(each.asked(), host) && !addresses.holds(host, each.client()));
    }

    /** Private addresses mean something only within their site. */
    private boolean isWithinReach(Translation each, HostId host) {
        return hosts.isSameSite(each.host(), host)
                || (each.client().isGlobal() && each.asked().isGlobal())
                || (each.seenAs().isGlobal() && each.server().isGlobal());
    }

    /** Whether the last step of a way leads to this server half, and the one or the other end is certain. */
    boolean leadsTo(Way way, FlowTotals client, FlowTotals half) {
        Meant server = addresses.from(way.last(), half.flow().server(), client);
        return server.places().contains(Addresses.placeOf(half.flow()))
                && (server.certain()
                        || addresses
                                .from(way.first(), client.flow().client(), client)
                                .certain());
    }

    private boolean isServer(FlowTotals half, Translation last) {
        return addresses.from(placeOf(last), last.server(), half).places().contains(Addresses.placeOf(half.flow()));
    }

    /** Whom the client of a way that ends here is, seen from its first step. */
    Meant client(Way way, FlowTotals half) {
        return addresses.from(way.first(), way.end().client(), half);
    }

    /** Whom the server of a way is, seen from its last step. */
    Meant server(Way way, FlowTotals client) {
        return addresses.from(way.last(), way.end().server(), client);
    }
}
