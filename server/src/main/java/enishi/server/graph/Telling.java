package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.Asked;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Between;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.graph.Ends.Known;
import enishi.server.store.FlowTotals;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dependencies made of what halves tell. */
final class Telling {
    private final Ends ends;
    private final Hosts hosts;

    /**
     * What the halves of one dependency tell together.
     *
     * @param counts the half whose counts are the dependency's
     */
    record Told(FlowTotals counts, Known client, Known server, SeenFrom from, Set<Evidence> evidence) {}

    /**
     * What lies between the ends.
     *
     * @param ends the client's address as it is, and the server's
     * @param asked what the client asked for instead of the server's own address and port, or null
     * @param via the hosts that translated, in order
     */
    record Passage(Between ends, @Nullable Asked asked, List<HostId> via) {
        /** Nothing: the ends are as both halves see them. */
        static Passage direct(Flow flow) {
            return new Passage(Between.of(flow), null, List.of());
        }
    }

    Telling(Hosts hosts) {
        this.hosts = hosts;
        this.ends = new Ends(hosts);
    }

    Joined joined(Told told, boolean attempt) {
        Flow flow = told.counts().flow();
        return joined(told, Passage.direct(flow), attempt, flow);
    }

    /** By what the client asked for the server, also where the server's half has the counts. */
    private static @Nullable String name(Told told) {
        Flow flow = told.counts().flow();
        return flow.role() == Role.CLIENT
                ? flow.name()
                : told.client().flows().stream()
                        .map(each -> each.flow().name())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** What proved the roles of a client and of the halves that confirm it. */
    static Set<Evidence> evidence(FlowTotals client, List<FlowTotals> halves) {
        Set<Evidence> evidence = client.evidence();
        for (FlowTotals half : halves) {
            evidence = Evidence.union(evidence, half.evidence());
        }
        return evidence;
    }

    /** @param identity what tells it from every other */
    Joined joined(Told told, Passage passage, boolean attempt, Object identity) {
        FlowTotals counts = told.counts();
        Flow flow = counts.flow();
        Traffic traffic = counts.traffic();
        Dependency dependency = new Dependency(
                ends.client(told.client(), passage.ends()),
                ends.server(told.server(), passage.ends(), name(told)),
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
                passage.via().stream().map(hosts::name).toList(),
                passage.asked());
        return new Joined(
                dependency, told.client().side(), told.server().side(), attempt, false, passage.via(), identity);
    }
}
