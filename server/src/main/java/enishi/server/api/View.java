package enishi.server.api;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Precision;
import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Transport;
import enishi.model.Window;
import enishi.server.graph.Changes;
import enishi.server.graph.Hops;
import enishi.server.graph.Hosts;
import enishi.server.graph.Join;
import enishi.server.graph.Joined;
import enishi.server.graph.Level;
import enishi.server.graph.Meeting;
import enishi.server.graph.Networks;
import enishi.server.graph.Node;
import enishi.server.graph.Reach;
import enishi.server.graph.Verdicts;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.Kept;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import enishi.server.store.KnownTranslation;
import enishi.server.store.Store;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The store as one question needs it: read once, joined, judged. */
final class View {
    /** By names; what has the same names is in the order of its identity, so that a list is always in one order. */
    static final Comparator<Joined> ORDER = Comparator.comparing(
                    Joined::dependency,
                    Comparator.comparing((Dependency each) ->
                                    String.valueOf(each.client().host()))
                            .thenComparing(each -> String.valueOf(each.client().program()))
                            .thenComparing(each -> String.valueOf(each.client().service()))
                            .thenComparing(each -> String.valueOf(each.server().host()))
                            .thenComparing(each -> String.valueOf(each.server().program()))
                            .thenComparing(each -> String.valueOf(each.server().address()))
                            .thenComparing(
                                    each -> each.server().port(), Comparator.nullsFirst(Comparator.naturalOrder()))
                            .thenComparing(each -> String.valueOf(each.server().path()))
                            .thenComparing(each -> String.valueOf(each.client().address())))
            .thenComparing(each -> each.identity().toString());

    private static final int SPANS_MAX = 90;

    private final Store store;
    private final Window window;
    private final Instant now;
    private final Turn turn;
    private final Kept kept;
    private final Networks networks;
    private final Hosts hosts;

    /** @param turn taken before everything is read */
    View(Store store, Networks networks, Window window, Instant now, Turn turn) {
        this.turn = turn;
        this.store = store;
        this.window = window;
        this.now = now;
        this.kept = store.kept();
        this.networks = networks;
        this.hosts = new Hosts(store.hosts(), networks);
    }

    Hosts hosts() {
        return hosts;
    }

    Window window() {
        return window;
    }

    /** How exact what is read of the flows in the window is. */
    Precision precision() {
        return kept.precision(window);
    }

    List<KnownListener> listeners() {
        return store.listeners(window, FlowFilter.ALL);
    }

    /** Everything of the window for which a predicate holds, folded to a level, in a stable order. */
    List<Joined> all(Level level, Predicate<Joined> which) {
        return joined(flows(FlowFilter.ALL), translations(), level, which);
    }

    /** All dependencies of the window at a level, and what was watched. */
    Changes.Side side(Level level) {
        return new Changes.Side(all(level, each -> !each.attempt()), window, coverage(Set.of()));
    }

    /** What concerns a node. Addresses that a host no longer has are found in its flows, and then read again. */
    List<Joined> about(Node node, Level level, Predicate<Joined> which) {
        FlowFilter filter = filter(node);
        List<FlowTotals> flows = flows(filter);
        Set<Address> spokenFrom = flows.stream()
                .map(FlowTotals::flow)
                .filter(flow -> filter.hosts().contains(flow.host()) && flow.transport() != Transport.UNIX)
                .map(Flow::local)
                .filter(address -> !address.isLoopback())
                .collect(Collectors.toSet());
        if (node instanceof Node.OnHost && !filter.addresses().containsAll(spokenFrom)) {
            spokenFrom.addAll(filter.addresses());
            flows = store.flows(window, new FlowFilter(filter.hosts(), spokenFrom));
        }
        if (filter.isAll()) {
            return joined(flows, translations(), level, which);
        }
        List<KnownTranslation> translations =
                Meeting.of(flows, met -> store.translations(Meeting.explaining(window), met));
        if (!translations.isEmpty()) {
            // the other halves are told under other addresses
            Set<Address> around = Meeting.addresses(translations);
            around.addAll(filter.addresses());
            around.addAll(spokenFrom);
            flows = store.flows(window, new FlowFilter(filter.hosts(), around));
        }
        return joined(flows, translations, level, which);
    }

    /**
     * The hops of a host, by what passed in each of the spans that the window is cut into: a minute each, or as long as
     * what is kept of the time is exact to, or as makes them {@value SPANS_MAX} at most.
     */
    Hops hops(HostId host) {
        long unit =
                switch (kept.precision(minutes(window.firstMinute(), 1))) {
                    case EXACT -> 1;
                    case SUMS_TO_THE_HOUR -> 60;
                    case TO_THE_DAY -> 1_440;
                };
        long first = Math.floorDiv(window.firstMinute(), unit) * unit;
        long length = Math.ceilDiv(window.lastMinute() + 1 - first, unit * SPANS_MAX) * unit;
        Hops hops = new Hops(length);
        Node.OnHost node = new Node.OnHost(host, null, null, null);
        for (long minute = first; minute <= window.lastMinute(); minute += length) {
            long within = unit > 1 ? length : Math.min(length, window.lastMinute() + 1 - minute);
            View span = new View(store, networks, minutes(minute, within), now, turn);
            hops.take(span.about(
                    node, Level.PROCESS, each -> !each.attempt() && (node.isClient(each) || node.isServer(each))));
        }
        return hops;
    }

    /** The hosts on which a node is asked for something, in a stable order. */
    Set<HostId> serving(Node node) {
        return about(node, Level.PROCESS, each -> !each.attempt() && node.isServer(each)).stream()
                .map(each -> each.server().host())
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Window minutes(long first, long length) {
        return new Window(Instant.ofEpochSecond(first * 60), Instant.ofEpochSecond((first + length) * 60));
    }

    /**
     * What is met within so many steps from those for which a predicate holds; attempts lead nowhere.
     *
     * @param towardServers toward what is depended on; else toward who depends
     */
    List<Joined> reach(Level level, Predicate<Joined> which, int depth, boolean towardServers) {
        List<FlowTotals> flows = flows(FlowFilter.ALL);
        List<KnownTranslation> translations = translations();
        List<Joined> all = Join.stream(flows, hosts, listeners(flows, translations), translations)
                .filter(each -> !each.attempt())
                .toList();
        return inOrder(level.fold(new Reach(all, level).from(which, depth, towardServers)));
    }

    private List<FlowTotals> flows(FlowFilter filter) {
        if (filter.isAll()) {
            turn.take();
        }
        return store.flows(window, filter);
    }

    private List<KnownTranslation> translations() {
        return store.translations(Meeting.explaining(window));
    }

    private List<Joined> joined(
            List<FlowTotals> flows, List<KnownTranslation> translations, Level level, Predicate<Joined> which) {
        return inOrder(level.fold(Join.stream(flows, hosts, listeners(flows, translations), translations)
                .filter(which)));
    }

    private static List<Joined> inOrder(List<Joined> folded) {
        return folded.parallelStream().sorted(ORDER).toList();
    }

    /** The flows that a question about a node needs: the node's own, and those of others toward it. */
    private FlowFilter filter(Node node) {
        return switch (node) {
            case Node.OnHost on -> new FlowFilter(Set.of(on.host()), addresses(on.host()));
            case Node.At at -> {
                Set<HostId> owners = new HashSet<>();
                hosts.all().forEach(known -> {
                    if (addresses(known.host().id()).contains(at.address())) {
                        owners.add(known.host().id());
                    }
                });
                yield new FlowFilter(owners, Set.of(at.address()));
            }
            case Node.Socket socket -> FlowFilter.ALL;
            case Node.Called called -> FlowFilter.ALL;
            case Node.ProgramNamed named -> FlowFilter.ALL;
            case Node.ServiceNamed named -> FlowFilter.ALL;
            case Node.InNetwork network -> FlowFilter.ALL;
            case Node.Labelled labelled -> FlowFilter.ALL;
        };
    }

    private Set<Address> addresses(HostId host) {
        Set<Address> addresses = new HashSet<>();
        hosts.byId(host)
                .ifPresent(known -> known.host().addresses().stream()
                        .map(HostAddress::address)
                        .forEach(addresses::add));
        return addresses;
    }

    /** Coverage of what an answer about a node rests on, also of the hosts that translate on the way. */
    CoverageVerdict coverage(Node node, List<Joined> found) {
        Set<HostId> concerned = new HashSet<>(filter(node).hosts());
        if (!concerned.isEmpty()) {
            found.forEach(each -> concerned.addAll(each.via()));
        }
        return coverage(concerned);
    }

    /** Coverage of these hosts, or of all if none are named. */
    CoverageVerdict coverage(Set<HostId> concerned) {
        Map<HostId, String> names = new HashMap<>();
        hosts.all().forEach(known -> {
            if (concerned.isEmpty() || concerned.contains(known.host().id())) {
                names.put(known.host().id(), known.host().name());
            }
        });
        return Verdicts.of(window, now, store.coverage(window, concerned), names);
    }

    /** The listeners of the hosts that flows may mean, and of those they were observed on. */
    private List<KnownListener> listeners(List<FlowTotals> flows, List<KnownTranslation> translations) {
        Set<Address> remotes = new HashSet<>();
        translations.forEach(each -> remotes.add(each.translation().server()));
        Set<HostId> meant = new HashSet<>();
        for (FlowTotals each : flows) {
            remotes.add(each.flow().remote());
            meant.add(each.flow().host());
        }
        for (KnownHost known : hosts.all()) {
            if (known.host().addresses().stream().anyMatch(each -> remotes.contains(each.address()))) {
                meant.add(known.host().id());
            }
        }
        if (meant.isEmpty()) {
            return List.of();
        }
        boolean all = meant.size() >= hosts.all().size();
        return store.listeners(window, all ? FlowFilter.ALL : new FlowFilter(meant, Set.of()));
    }
}
