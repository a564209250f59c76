package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.ServerEnd;
import enishi.answer.Hop;
import enishi.answer.Hop.PassThrough;
import enishi.model.HostId;
import enishi.model.Transport;
import enishi.server.store.FlowTotals;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Programs that are asked and ask, and what seems to pass through them: inferred, never observed, and therefore told
 * apart from dependencies. A client's asking is taken to pass through to a server over the same kind of transport if in
 * nine of ten spans in which the client was at work the hop was at work with that server too, and if as many
 * connections went out to such servers as came in, or about as many bytes.
 */
public final class Hops {
    private static final int TOLD_MAX = 200;

    /** So many clients of a hop and servers of it are held against each other, the busiest. */
    private static final int HELD_MAX = 100;

    /** Connections in and out are as many if they differ by a tenth at most. */
    private static final double CONNECTIONS_ALIKE = 1.1;

    /** A proxy adds headers, or encrypts: bytes are alike up to half as much again. */
    private static final double BYTES_ALIKE = 1.5;

    private final long spanMinutes;
    private final Map<Self, Ties> all = new LinkedHashMap<>();
    private int spans;

    /** A program of a host, over time. */
    private record Self(
            HostId host,
            String program,
            @Nullable String service,
            @Nullable String container) {}

    /** Who asks a hop, and where. */
    private record Asking(@Nullable HostId host, ClientEnd client, ServerEnd asked, Transport transport) {}

    /** Whom a hop asks. */
    private record Asked(@Nullable HostId host, ServerEnd server, Transport transport) {
        /** Whom a proxy takes for one and the same: the servers behind one port. */
        Object group() {
            return server.port() == null ? server : List.of(server.port(), transport);
        }
    }

    /** The two sides of a program. */
    private record Ties(Map<Asking, Work> in, Map<Asked, Work> out) {
        Ties() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    /** What was at work, in which spans, and how much. */
    private static final class Work {
        private final BitSet spans = new BitSet();
        private long connections;
        private @Nullable Long bytes;

        void add(int span, Dependency each) {
            Long moved = each.clientBytes() == null || each.serverBytes() == null
                    ? null
                    : Long.valueOf(FlowTotals.sum(each.clientBytes(), each.serverBytes()));
            connections = FlowTotals.sum(connections, each.connections());
            bytes = sum(bytes, moved);
            if (each.connections() > 0 || (moved != null && moved > 0)) {
                spans.set(span);
            }
        }

        Work with(Work other) {
            Work both = new Work();
            both.spans.or(spans);
            both.spans.or(other.spans);
            both.connections = FlowTotals.sum(connections, other.connections);
            both.bytes = sum(bytes, other.bytes);
            return both;
        }

        private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return FlowTotals.sum(one, other);
        }

        boolean isAlike(Work other) {
            return isAlike(connections, other.connections, CONNECTIONS_ALIKE)
                    || (bytes != null && other.bytes != null && isAlike(bytes, other.bytes, BYTES_ALIKE));
        }

        private static boolean isAlike(long one, long other, double most) {
            return one > 0 && other > 0 && (double) Math.max(one, other) <= most * (double) Math.min(one, other);
        }
    }

    /** @param spanMinutes how long each span is of which dependencies are taken */
    public Hops(long spanMinutes) {
        this.spanMinutes = spanMinutes;
    }

    /** Takes the dependencies of the next span, at the level of processes. */
    public void take(List<Joined> span) {
        for (Joined each : span) {
            Dependency dependency = each.dependency();
            Self server = self(each.server(), dependency.server());
            Self client = self(each.client(), dependency.client());
            if (Objects.equals(server, client)) {
                continue; // what a program asks of itself passes through nothing
            }
            if (server != null) {
                ServerEnd asked = cut(dependency.server());
                Asking asking =
                        new Asking(each.client().host(), cut(dependency.client()), asked, dependency.transport());
                ties(server).in().computeIfAbsent(asking, key -> new Work()).add(spans, dependency);
            }
            if (client != null) {
                Asked asked = new Asked(each.server().host(), cut(dependency.server()), dependency.transport());
                ties(client).out().computeIfAbsent(asked, key -> new Work()).add(spans, dependency);
            }
        }
        spans++;
    }

    private Ties ties(Self self) {
        return all.computeIfAbsent(self, key -> new Ties());
    }

    private static @Nullable Self self(Joined.Side side, ClientEnd end) {
        return side.host() == null || end.program() == null
                ? null
                : new Self(side.host(), end.program(), end.service(), end.container());
    }

    private static @Nullable Self self(Joined.Side side, ServerEnd end) {
        return side.host() == null || end.program() == null
                ? null
                : new Self(side.host(), end.program(), end.service(), end.container());
    }

    /** Of an unwatched end its network, or where that has no name its address. */
    private static @Nullable String address(@Nullable String host, @Nullable String network, @Nullable String address) {
        return host != null ? null : network == null || address == null ? address : "";
    }

    /** Who it is over time: processes come and go. */
    private static ClientEnd cut(ClientEnd end) {
        return new ClientEnd(
                end.site(),
                end.zone(),
                end.host(),
                end.program(),
                List.of(),
                0,
                end.service(),
                end.container(),
                address(end.host(), end.network(), end.address()),
                end.network());
    }

    private static ServerEnd cut(ServerEnd end) {
        return new ServerEnd(
                end.site(),
                end.zone(),
                end.host(),
                end.program(),
                List.of(),
                0,
                end.service(),
                end.container(),
                address(end.host(), end.network(), end.address()),
                end.port(),
                end.name(),
                end.path(),
                end.network());
    }

    /** The hops on a host; of one program or service, if one is named. */
    public List<Hop> on(HostId host, @Nullable String program) {
        return all.entrySet().stream()
                .filter(each -> each.getKey().host().equals(host))
                .filter(each -> program == null
                        || program.equals(each.getKey().program())
                        || program.equals(each.getKey().service()))
                .filter(each -> !each.getValue().in().isEmpty()
                        && !each.getValue().out().isEmpty())
                .map(each -> hop(each.getKey(), each.getValue()))
                .sorted(Comparator.comparing(Hop::program).thenComparing(each -> String.valueOf(each.service())))
                .toList();
    }

    private Hop hop(Self self, Ties ties) {
        Work in = ties.in().values().stream().reduce(new Work(), Work::with);
        Work out = ties.out().values().stream().reduce(new Work(), Work::with);
        List<PassThrough> inferred = inferred(ties, in);
        ServerEnd end = ties.in().keySet().iterator().next().asked();
        return new Hop(
                end.site(),
                end.zone(),
                String.valueOf(end.host()),
                self.program(),
                self.service(),
                self.container(),
                in.connections,
                out.connections,
                inferred.stream().limit(TOLD_MAX).toList(),
                Math.max(0, inferred.size() - TOLD_MAX));
    }

    private List<PassThrough> inferred(Ties ties, Work allIn) {
        Map<Object, Work> fronts = new HashMap<>();
        ties.in().forEach((asking, work) -> fronts.merge(asking.asked(), work, Work::with));
        Map<Object, Work> groups = new HashMap<>();
        ties.out().forEach((asked, work) -> groups.merge(asked.group(), work, Work::with));
        List<PassThrough> found = new ArrayList<>();
        Map<Asked, Work> servers = busiest(ties.out());
        busiest(ties.in())
                .forEach((asking, in) -> servers.forEach((asked, out) -> {
                    Work group = Objects.requireNonNull(groups.get(asked.group()), "it was just grouped");
                    Work front = Objects.requireNonNull(fronts.get(asking.asked()), "it was just summed");
                    boolean alike = group.isAlike(front) || group.isAlike(allIn);
                    if (alike && isSameKind(asking.transport(), asked.transport()) && isTogether(in, out)) {
                        found.add(passThrough(asking, in, asked, out, allIn));
                    }
                }));
        found.sort(Comparator.comparingInt(PassThrough::together)
                .reversed()
                .thenComparing(each -> String.valueOf(each.client()))
                .thenComparing(each -> String.valueOf(each.server())));
        return found;
    }

    private static <T> Map<T, Work> busiest(Map<T, Work> all) {
        return all.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<T, Work> each) -> each.getValue().connections)
                        .reversed())
                .limit(HELD_MAX)
                .collect(LinkedHashMap::new, (map, each) -> map.put(each.getKey(), each.getValue()), Map::putAll);
    }

    /** A proxy may take by TCP what it hands on over a unix socket, or the other way; streams stay streams. */
    private static boolean isSameKind(Transport in, Transport out) {
        return (in == Transport.UDP) == (out == Transport.UDP);
    }

    private static boolean isTogether(Work in, Work out) {
        int spans = in.spans.cardinality();
        return spans > 0 && 10 * together(in, out) >= 9 * spans;
    }

    private static int together(Work in, Work out) {
        BitSet both = (BitSet) in.spans.clone();
        both.and(out.spans);
        return both.cardinality();
    }

    private PassThrough passThrough(Asking asking, Work in, Asked asked, Work out, Work allIn) {
        BitSet alone = (BitSet) out.spans.clone();
        alone.andNot(allIn.spans);
        return new PassThrough(
                asking.client(),
                asking.asked(),
                asked.server(),
                asked.transport(),
                spanMinutes,
                in.spans.cardinality(),
                together(in, out),
                alone.cardinality(),
                in.connections,
                out.connections,
                in.bytes,
                out.bytes);
    }
}
