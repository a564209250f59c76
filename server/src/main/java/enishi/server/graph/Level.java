package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.Dependency.ServerEnd;
import enishi.model.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far an answer is folded together: what two dependencies must share to be shown as one. */
public enum Level {
    PROCESS,
    SERVICE,
    HOST,
    ZONE,
    SITE;

    /**
     * Folds dependencies that are one at this level: counts summed, the span of time widened, ends cut to the level.
     */
    public List<Dependency> fold(List<Dependency> dependencies) {
        if (this == PROCESS) {
            return dependencies;
        }
        Map<Object, Dependency> folded = new LinkedHashMap<>();
        for (Dependency each : dependencies) {
            Dependency cut = cut(each);
            folded.merge(List.of(cut.client(), cut.server(), cut.transport()), cut, Level::add);
        }
        return new ArrayList<>(folded.values());
    }

    private Dependency cut(Dependency each) {
        ClientEnd client = each.client();
        ServerEnd server = each.server();
        boolean host = this == SERVICE || this == HOST;
        boolean service = this == SERVICE;
        boolean zone = this != SITE;
        return with(
                each,
                new ClientEnd(
                        client.site(),
                        zone ? client.zone() : null,
                        host ? client.host() : null,
                        null,
                        List.of(),
                        0,
                        service ? client.service() : null,
                        null,
                        host && client.host() == null ? client.address() : ""),
                new ServerEnd(
                        server.site(),
                        zone ? server.zone() : null,
                        host ? server.host() : null,
                        null,
                        List.of(),
                        0,
                        service ? server.service() : null,
                        null,
                        host && server.host() == null ? server.address() : "",
                        service ? server.port() : 0,
                        null));
    }

    private static Dependency with(Dependency each, ClientEnd client, ServerEnd server) {
        return new Dependency(
                client,
                server,
                each.transport(),
                each.firstSeen(),
                each.lastSeen(),
                each.connections(),
                each.failures(),
                each.active(),
                each.clientBytes(),
                each.serverBytes(),
                each.rttMicros(),
                each.retransmits(),
                each.seenFrom(),
                each.evidence(),
                each.via());
    }

    private static Dependency add(Dependency one, Dependency other) {
        Set<Evidence> evidence = EnumSet.noneOf(Evidence.class);
        evidence.addAll(one.evidence());
        evidence.addAll(other.evidence());
        return new Dependency(
                one.client(),
                one.server(),
                one.transport(),
                earlier(one.firstSeen(), other.firstSeen()),
                earlier(one.lastSeen(), other.lastSeen()).equals(one.lastSeen()) ? other.lastSeen() : one.lastSeen(),
                one.connections() + other.connections(),
                one.failures() + other.failures(),
                one.active() + other.active(),
                sum(one.clientBytes(), other.clientBytes()),
                sum(one.serverBytes(), other.serverBytes()),
                one.lastSeen().isBefore(other.lastSeen()) ? other.rttMicros() : one.rttMicros(),
                sum(one.retransmits(), other.retransmits()),
                one.seenFrom() == other.seenFrom() ? one.seenFrom() : SeenFrom.BOTH,
                evidence,
                one.via());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Unknown and known make known: what is known moved at least that much. */
    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + other;
    }
}
