package enishi.server.graph;

import enishi.model.Address;
import enishi.model.Between;
import enishi.model.Flow;
import enishi.model.Role;
import enishi.model.Transport;
import enishi.model.Window;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownTranslation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The translations that a few flows meet, of the many that there are. */
public final class Meeting {
    /** From a client to the end of its longest way, and back to where others came from that share it. */
    private static final int STEPS_MAX = 2 * Ways.STEPS_MAX + 2;

    private Meeting() {}

    /** When that was told which may explain a flow of a window: one that was over at once may be told minutes later. */
    public static Window explaining(Window flows) {
        Duration apart = Duration.ofMillis(Hosts.APART_MILLIS);
        return new Window(flows.from().minus(apart), flows.to().plus(apart));
    }

    /** Reads the translations that lead from or to some of these. */
    public interface Reading {
        List<KnownTranslation> at(Set<Between> met);
    }

    /** The translations that explain these flows, whatever the other halves and those who share them are told under. */
    public static List<KnownTranslation> of(Collection<FlowTotals> flows, Reading reading) {
        Set<KnownTranslation> found = new LinkedHashSet<>();
        Set<Between> known = new HashSet<>();
        Set<Between> next = new HashSet<>();
        flows.stream()
                .map(FlowTotals::flow)
                .filter(each -> each.transport() != Transport.UNIX)
                .forEach(each -> next.add(Between.of(each)));
        for (int step = 0; step < STEPS_MAX && !next.isEmpty(); step++) {
            known.addAll(next);
            List<KnownTranslation> met = reading.at(Set.copyOf(next));
            next.clear();
            for (KnownTranslation each : met) {
                found.add(each);
                next.add(Between.before(each.translation()));
                next.add(Between.after(each.translation()));
            }
            next.removeAll(known);
        }
        return List.copyOf(found);
    }

    /**
     * The same flows, of which those that a translation may lead on are one whatever name the client asked by: else a
     * server's half could not be told to belong to one of them.
     */
    static Collection<FlowTotals> whateverTheName(
            Collection<FlowTotals> flows, Collection<KnownTranslation> translations) {
        if (translations.isEmpty()) {
            return flows;
        }
        Set<Between> before = new HashSet<>();
        translations.forEach(each -> before.add(Between.before(each.translation())));
        Map<Flow, FlowTotals> led = new LinkedHashMap<>();
        List<FlowTotals> all = new ArrayList<>(flows.size());
        for (FlowTotals each : flows) {
            Flow flow = each.flow();
            if (flow.role() == Role.CLIENT && before.contains(Between.of(flow))) {
                led.merge(nameless(flow), each, (one, other) -> one.beside(other, nameless(flow)));
            } else {
                all.add(each);
            }
        }
        all.addAll(led.values());
        return all;
    }

    private static Flow nameless(Flow flow) {
        return new Flow(
                flow.host(),
                flow.namespace(),
                flow.program(),
                flow.role(),
                flow.local(),
                flow.remote(),
                flow.serverPort(),
                flow.transport());
    }

    /** Every address under which ends are told between which these lead. */
    public static Set<Address> addresses(Collection<KnownTranslation> all) {
        Set<Address> found = new HashSet<>();
        for (KnownTranslation each : all) {
            found.add(each.translation().asked());
            found.add(each.translation().seenAs());
            found.add(each.translation().server());
        }
        return found;
    }
}
