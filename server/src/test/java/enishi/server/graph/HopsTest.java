package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Hop;
import enishi.answer.Hop.PassThrough;
import enishi.model.HostId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs that are asked and ask. */
class HopsTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId LB = new HostId(0, 2);
    private static final HostId DB = new HostId(0, 3);
    private static final HostId OTHER = new HostId(0, 4);
    private static final String WEB_AT = "10.0.0.1";
    private static final String LB_AT = "10.0.0.2";
    private static final String DB_AT = "10.0.0.3";
    private static final String OTHER_AT = "10.0.0.4";
    private static final Half[] NOTHING = {};
    private final Site site = new Site()
            .host(WEB, "web1", WEB_AT)
            .host(LB, "lb1", LB_AT)
            .host(DB, "db1", DB_AT)
            .host(OTHER, "db2", OTHER_AT);

    private final Hops hops = new Hops(1);

    private void spans(int many, Half... halves) {
        for (int i = 0; i < many; i++) {
            hops.take(site.join(halves));
        }
    }

    private static Half[] both(Half asked, Half asks) {
        return new Half[] {asked, asks};
    }

    private static Half asked() {
        return server(LB, "haproxy", LB_AT, WEB_AT);
    }

    private static Half asks() {
        return client(LB, "haproxy", LB_AT, DB_AT);
    }

    private Hop only() {
        List<Hop> found = hops.on(LB, null);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void aProxyIsAHopAndItsClientSeemsToReachItsServer() {
        spans(
                5,
                client(WEB, "app", WEB_AT, LB_AT).ofBytes(100),
                asked().ofBytes(100),
                asks().ofBytes(120),
                server(DB, "postgres", DB_AT, LB_AT).ofBytes(120));
        Hop hop = only();
        assertThat(hop.host()).isEqualTo("lb1");
        assertThat(hop.program()).isEqualTo("haproxy");
        assertThat(hop.connectionsIn()).isEqualTo(15);
        assertThat(hop.connectionsOut()).isEqualTo(15);
        assertThat(hop.moreInferred()).isZero();
        assertThat(hop.inferred()).hasSize(1);
        PassThrough through = hop.inferred().getFirst();
        assertThat(through.client().host()).isEqualTo("web1");
        assertThat(through.client().program()).isEqualTo("app");
        assertThat(through.asked().port()).isEqualTo(5432);
        assertThat(through.server().host()).isEqualTo("db1");
        assertThat(through.server().program()).isEqualTo("postgres");
        assertThat(List.of(through.spans(), through.together(), through.alone()))
                .containsExactly(5, 5, 0);
        assertThat(List.of(through.connectionsIn(), through.connectionsOut())).containsExactly(15L, 15L);
        assertThat(through.bytesIn()).isEqualTo(1_000);
        assertThat(through.bytesOut()).isEqualTo(1_200);
    }

    @Test
    void whoOnlyAsksOrIsOnlyAskedIsNoHop() {
        spans(2, client(WEB, "app", WEB_AT, LB_AT), asked(), asks(), server(DB, "postgres", DB_AT, LB_AT));
        assertThat(hops.on(WEB, null)).isEmpty();
        assertThat(hops.on(DB, null)).isEmpty();
        assertThat(hops.on(LB, "nginx")).isEmpty();
        assertThat(hops.on(LB, "haproxy")).hasSize(1);
        assertThat(hops.on(LB, "haproxy.service")).hasSize(1);
    }

    /** Two programs of one host are two, though one is asked and the other asks. */
    @Test
    void whatAnotherProgramAsksPassesThroughNothing() {
        spans(3, server(LB, "nginx", LB_AT, WEB_AT), client(LB, "cron", LB_AT, DB_AT));
        assertThat(hops.on(LB, null)).isEmpty();
    }

    /** One for the client, one for each of two servers: what went to both is what came in. */
    @Test
    void severalServersBehindOnePortAreCountedTogether() {
        spans(
                4,
                server(LB, "haproxy", LB_AT, WEB_AT),
                server(LB, "haproxy", LB_AT, "10.0.0.77"),
                client(LB, "haproxy", LB_AT, DB_AT),
                client(LB, "haproxy", LB_AT, OTHER_AT));
        assertThat(only().inferred())
                .hasSize(4)
                .extracting(each -> each.server().host())
                .containsExactlyInAnyOrder("db1", "db2", "db1", "db2");
    }

    @Test
    void whatHappensAtOtherTimesPassesThroughNothing() {
        spans(5, asked());
        spans(5, asks());
        assertThat(only().inferred()).isEmpty();
        assertThat(only().connectionsIn()).isEqualTo(15);
    }

    @Test
    void nineOfTenSpansAreEnoughAndEightAreNot() {
        spans(9, both(asked(), asks()));
        spans(1, asked());
        assertThat(only().inferred()).isEmpty(); // 30 in, 27 out: not as many
        spans(1, asks());
        assertThat(only().inferred()).hasSize(1);
        assertThat(only().inferred().getFirst().together()).isEqualTo(9);
        assertThat(only().inferred().getFirst().spans()).isEqualTo(10);
        assertThat(only().inferred().getFirst().alone()).isEqualTo(1);
        spans(1, asked());
        spans(1, asks());
        assertThat(only().inferred()).isEmpty();
    }

    /** A server that asks a database for each of ten requests of a kept connection is no proxy of it. */
    @Test
    void whatGoesOutMustBeAsMuchAsComesIn() {
        spans(
                4,
                asked().ofBytes(100),
                asks().ofBytes(900),
                client(LB, "haproxy", LB_AT, OTHER_AT).ofBytes(50));
        assertThat(only().inferred()).isEmpty();
    }

    /** PgBouncer keeps its connections to the server. */
    @Test
    void asManyBytesAreEnoughWhereConnectionsArePooled() {
        spans(
                4,
                server(LB, "pgbouncer", LB_AT, WEB_AT).ofBytes(100),
                server(LB, "pgbouncer", LB_AT, "10.0.0.77").ofBytes(100),
                server(LB, "pgbouncer", LB_AT, "10.0.0.78").ofBytes(100),
                client(LB, "pgbouncer", LB_AT, DB_AT).ofBytes(290));
        assertThat(only().inferred()).hasSize(3);
    }

    @Test
    void datagramsAreNotMadeOfStreams() {
        spans(4, asked(), asks().overUdp());
        assertThat(only().inferred()).isEmpty();
    }

    @Test
    void anEmptySpanIsOneToo() {
        spans(2, both(asked(), asks()));
        spans(2, NOTHING);
        assertThat(only().inferred().getFirst().spans()).isEqualTo(2);
    }

    @Test
    void whatIsTooMuchToTellIsCounted() {
        Half[] clients = IntStream.range(0, 310)
                .mapToObj(i -> server(LB, "haproxy", LB_AT, "10.1." + i / 100 + "." + i % 100))
                .toArray(Half[]::new);
        Half[] servers = IntStream.range(0, 310)
                .mapToObj(i -> client(LB, "haproxy", LB_AT, "10.2." + i / 100 + "." + i % 100))
                .toArray(Half[]::new);
        spans(
                1,
                java.util.stream.Stream.of(clients, servers)
                        .flatMap(java.util.stream.Stream::of)
                        .toArray(Half[]::new));
        assertThat(only().inferred()).hasSize(200);
        assertThat(only().moreInferred()).isEqualTo(100 * 100 - 200);
    }
}
