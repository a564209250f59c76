package enishi.cli.output;

import enishi.answer.Answer;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.Dependency.ServerEnd;
import enishi.answer.Precision;
import enishi.model.Evidence;
import enishi.model.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers to print. */
public final class Samples {
    /** Every kind of character that means something to a terminal, a spreadsheet or a separator. */
    static final String HOSTILE = "=ev\u001B[2Jil,\"\u202E\n\t";

    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Samples() {}

    public static ClientEnd client(@Nullable String host, @Nullable String program, String address) {
        List<Integer> pids = program == null ? List.of() : List.of(812);
        return new ClientEnd(null, null, host, program, pids, 0, program, null, address, null);
    }

    public static ServerEnd server(@Nullable String host, @Nullable String program, String address, int port) {
        List<Integer> pids = program == null ? List.of() : List.of(77, 78);
        return new ServerEnd(null, null, host, program, pids, 0, program, null, address, port, null);
    }

    public static Dependency dependency(ClientEnd client, ServerEnd server) {
        return new Dependency(
                client,
                server,
                Transport.TCP,
                NOON.minusSeconds(3_000),
                NOON.minusSeconds(90),
                42,
                1,
                3,
                18_230L,
                null,
                210,
                0L,
                client.host() == null ? SeenFrom.SERVER : server.host() == null ? SeenFrom.CLIENT : SeenFrom.BOTH,
                Set.of(Evidence.CONNECT),
                List.of());
    }

    /** One on something that nobody watches. */
    static Dependency toNetwork(String network, String address) {
        return dependency(
                client("web1", "nginx", "10.0.0.11"),
                new ServerEnd(null, null, null, null, List.of(), 0, null, null, address, 443, null, null, network));
    }

    /** One on something that nobody watches, which the client looked up. */
    static Dependency toName(String name, String address) {
        return dependency(
                client("web1", "nginx", "10.0.0.11"),
                new ServerEnd(null, null, null, null, List.of(), 0, null, null, address, 443, name, null, "external"));
    }

    /** A dependency within a host. */
    static Dependency overUnix(String path) {
        Dependency tcp = dependency(
                new ClientEnd(null, null, "vm", "psql", List.of(812), 0, "psql", null, null, null),
                new ServerEnd(
                        null, null, "vm", "postgres", List.of(77), 0, "postgres", null, null, null, null, path, null));
        return new Dependency(
                tcp.client(),
                tcp.server(),
                Transport.UNIX,
                tcp.firstSeen(),
                tcp.lastSeen(),
                1_000,
                0,
                0,
                null,
                null,
                null,
                null,
                SeenFrom.CLIENT,
                Set.of(Evidence.CONNECT, Evidence.LISTENER),
                List.of());
    }

    static List<Dependency> dependencies() {
        return List.of(
                dependency(client("web1", "nginx", "10.0.0.11"), server("app1", "appd", "10.0.0.21", 8000)),
                dependency(
                        client("frontend-7c9f.prod.eu-west-1.example.org", "gunicorn-worker", "10.0.0.12"),
                        server("db-primary-0.prod.eu-west-1.example.org", "postgres", "10.0.0.31", 5432)),
                dependency(client("web1", null, "fd00::11"), server(null, null, "2001:db8::53", 53)),
                dependency(client(null, null, "192.0.2.7"), server("京都の計算機一号機", "データベース", "10.0.0.41", 5432)),
                dependency(client("h", HOSTILE, "10.0.0.13"), server("h", "a b\\c", "10.0.0.14", 0)));
    }

    static <T> Answer<T> answer(List<T> items) {
        return new Answer<>(NOON.minusSeconds(3_600), NOON, items, null, Precision.EXACT, List.of(), complete());
    }

    static CoverageVerdict complete() {
        return new CoverageVerdict(CoverageVerdict.Verdict.COMPLETE, List.of());
    }
}
