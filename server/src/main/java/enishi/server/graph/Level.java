package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.Dependency.ServerEnd;
import enishi.model.Evidence;
import enishi.model.HostId;
import enishi.model.Transport;
import enishi.server.graph.Joined.Side;
import enishi.server.store.FlowTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far an answer is folded together: what two dependencies must share to be shown as one. Hosts are told apart by
 * id. An end whose host is unknown is folded into its name or its network, or where it has neither keeps its address at
 * every level, so that it is never taken for a known one without a name.
 */
public enum Level {
    PROCESS,
    SERVICE,
    HOST,
    ZONE,
    SITE;

    /** What dependencies share that are one. */
    private record Shared(
            @Nullable HostId clientHost,
            @Nullable HostId serverHost,
            ClientEnd client,
            ServerEnd server,
            Transport transport,
            boolean attempt) {}

    /** Folds what is one at this level: counts summed, the span of time widened, ends cut to the level. */
    public List<Joined> fold(Collection<Joined> all) {
        return fold(all.parallelStream());
    }

    /** The same, of what need not be there all at once. */
    public List<Joined> fold(Stream<Joined> all) {
        if (this == PROCESS) {
            return all.toList();
        }
        Map<Object, Joined> folded = new LinkedHashMap<>();
        for (Joined cut : all.map(this::cut).toList()) {
            folded.merge(cut.identity(), cut, Level::add);
        }
        return new ArrayList<>(folded.values());
    }

    private Joined cut(Joined each) {
        Dependency dependency = each.dependency();
        boolean byHost = this == SERVICE || this == HOST;
        Shared shared = new Shared(
                byHost ? each.client().host() : null,
                byHost ? each.server().host() : null,
                cut(dependency.client()),
                cut(dependency.server()),
                dependency.transport(),
                each.attempt());
        return new Joined(
                with(dependency, shared.client(), shared.server()),
                new Side(shared.clientHost(), List.of(), List.of()),
                new Side(shared.serverHost(), List.of(), List.of()),
                each.attempt(),
                each.partOfBytes(),
                each.via(),
                shared);
    }

    private ClientEnd cut(ClientEnd end) {
        boolean host = this == SERVICE || this == HOST;
        return new ClientEnd(
                end.site(),
                this == SITE ? null : end.zone(),
                host ? end.host() : null,
                null,
                List.of(),
                0,
                this == SERVICE ? end.service() : null,
                null,
                cut(end.address(), end.host() != null || end.network() != null),
                end.network());
    }

    private ServerEnd cut(ServerEnd end) {
        boolean host = this == SERVICE || this == HOST;
        return new ServerEnd(
                end.site(),
                this == SITE ? null : end.zone(),
                host ? end.host() : null,
                null,
                List.of(),
                0,
                this == SERVICE ? end.service() : null,
                null,
                cut(end.address(), end.host() != null || end.name() != null || end.network() != null),
                this == SERVICE || end.port() == null ? end.port() : Integer.valueOf(0),
                end.host() == null ? end.name() : null,
                this == SERVICE ? end.path() : null,
                end.network());
    }

    /** Of what is known otherwise no address is left; over unix there was none. */
    private static @Nullable String cut(@Nullable String address, boolean known) {
        return known && address != null ? "" : address;
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
                each.via(),
                null);
    }

    private static Joined add(Joined one, Joined other) {
        boolean part = one.partOfBytes()
                || other.partOfBytes()
                || (one.dependency().clientBytes() == null)
                        != (other.dependency().clientBytes() == null);
        return new Joined(
                add(one.dependency(), other.dependency()),
                one.client(),
                one.server(),
                one.attempt(),
                part,
                union(one.via(), other.via()),
                one.identity());
    }

    /**
     * Two dependencies as one, with the ends of the first. It is seen from every end that reported either. What is
     * unknown of one and known of the other is known to be at least that much.
     */
    public static Dependency add(Dependency one, Dependency other) {
        boolean otherIsLater = one.lastSeen().isBefore(other.lastSeen());
        Dependency later = otherIsLater ? other : one;
        Dependency earlier = otherIsLater ? one : other;
        Instant first = one.firstSeen().isBefore(other.firstSeen()) ? one.firstSeen() : other.firstSeen();
        return new Dependency(
                one.client(),
                one.server(),
                one.transport(),
                first,
                later.lastSeen(),
                FlowTotals.sum(one.connections(), other.connections()),
                FlowTotals.sum(one.failures(), other.failures()),
                FlowTotals.sum(one.active(), other.active()),
                sumOfKnown(one.clientBytes(), other.clientBytes()),
                sumOfKnown(one.serverBytes(), other.serverBytes()),
                later.rttMicros() == null ? earlier.rttMicros() : later.rttMicros(),
                sumOfKnown(one.retransmits(), other.retransmits()),
                one.seenFrom() == other.seenFrom() ? one.seenFrom() : SeenFrom.BOTH,
                Evidence.union(one.evidence(), other.evidence()),
                union(one.via(), other.via()),
                Objects.equals(one.asked(), other.asked()) ? one.asked() : null);
    }

    private static <T> List<T> union(List<T> one, List<T> other) {
        return one.equals(other)
                ? one
                : Stream.concat(one.stream(), other.stream()).distinct().toList();
    }

    private static @Nullable Long sumOfKnown(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return FlowTotals.sum(one, other);
    }
}
