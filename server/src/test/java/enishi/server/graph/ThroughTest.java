package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import enishi.answer.Dependency;
import enishi.answer.Dependency.Asked;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.HostId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Halves on both sides of hosts that translate addresses. */
class ThroughTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId GATE = new HostId(0, 2);
    private static final HostId DB = new HostId(0, 3);
    private static final HostId OTHER = new HostId(0, 4);
    private static final String WEB_AT = "10.1.0.2";
    private static final String GATE_OUT = "10.1.0.1";
    private static final String GATE_IN = "10.2.0.1";
    private static final String DB_AT = "10.2.0.2";
    private static final String OTHER_AT = "10.2.0.3";
    private static final String SERVICE = "10.96.0.10";
    private final Site site = new Site()
            .host(WEB, "web1", WEB_AT)
            .host(GATE, "gate1", GATE_OUT, GATE_IN)
            .host(DB, "db1", DB_AT)
            .host(OTHER, "db2", OTHER_AT);

    private static Dependency only(List<Joined> joined) {
        assertThat(joined).hasSize(1);
        return joined.getFirst().dependency();
    }

    private void twoServersBehindOneAddress() {
        site.translation(WEB, 0, WEB_AT + ">" + SERVICE, WEB_AT + ">" + DB_AT)
                .translation(WEB, 0, WEB_AT + ">" + SERVICE, WEB_AT + ">" + OTHER_AT);
    }

    private static void isBoth(Dependency one, String... via) {
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.client().host()).isEqualTo("web1");
        assertThat(one.client().program()).isEqualTo("app");
        assertThat(one.client().address()).isEqualTo(WEB_AT);
        assertThat(one.server().host()).isEqualTo("db1");
        assertThat(one.server().program()).isEqualTo("postgres");
        assertThat(one.server().address()).isEqualTo(DB_AT);
        assertThat(one.server().port()).isEqualTo(5432);
        assertThat(one.via()).containsExactly(via);
    }

    @Test
    void aForwardedPortLeadsToWhoAnswers() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT);
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, WEB_AT)));
        isBoth(one, "gate1");
        assertThat(one.asked()).isEqualTo(new Asked(GATE_OUT, 5432));
        assertThat(one.connections()).isEqualTo(3);
    }

    @Test
    void aMasqueradedClientIsNamedAndItsGatewayIsNoClient() {
        site.translation(GATE, 0, WEB_AT + ">" + DB_AT, GATE_IN + ">" + DB_AT);
        isBoth(only(site.join(client(WEB, "app", WEB_AT, DB_AT), server(DB, "postgres", DB_AT, GATE_IN))), "gate1");
    }

    @Test
    void bothAddressesMayBeTranslatedAtOnce() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, GATE_IN + ">" + DB_AT);
        isBoth(only(site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, GATE_IN))), "gate1");
    }

    @Test
    void twoOnTheWayAreNamedInTheirOrder() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, GATE_IN + ">" + OTHER_AT)
                .translation(OTHER, 0, GATE_IN + ">" + OTHER_AT, GATE_IN + ">" + DB_AT);
        isBoth(
                only(site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, GATE_IN))),
                "gate1",
                "db2");
    }

    /** Two hosts each send on to the other what comes from here: no connection takes that way, and nobody walks it. */
    @Test
    void aWayThatComesBackIsNotGone() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT)
                .translation(DB, 0, WEB_AT + ">" + DB_AT, WEB_AT + ">" + GATE_OUT);
        isBoth(only(site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, WEB_AT))), "gate1");
    }

    @Test
    void aServiceAddressLeadsToEachOfItsServersWithItsOwnCounts() {
        twoServersBehindOneAddress();
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, SERVICE).by("db.example"),
                server(DB, "postgres", DB_AT, WEB_AT),
                server(OTHER, "postgres", OTHER_AT, WEB_AT));
        assertThat(joined).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().server().name()).isEqualTo("db.example");
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
            assertThat(each.dependency().client().program()).isEqualTo("app");
            assertThat(each.dependency().connections()).isEqualTo(3);
            assertThat(each.dependency().via()).containsExactly("web1");
        });
        assertThat(joined).extracting(Joined::identity).doesNotHaveDuplicates();
        assertThat(Site.dependencies(joined))
                .extracting(each -> each.server().host())
                .containsExactlyInAnyOrder("db1", "db2");
    }

    /** One program by two names, or before it was known by any, is one: its servers' halves are still told to be its. */
    @Test
    void whoAsksByTwoNamesIsOne() {
        twoServersBehindOneAddress();
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, SERVICE).by("db"),
                client(WEB, "app", WEB_AT, SERVICE).by("db.example"),
                client(WEB, "app", WEB_AT, SERVICE),
                server(DB, "postgres", DB_AT, WEB_AT),
                server(OTHER, "postgres", OTHER_AT, WEB_AT));
        assertThat(joined)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH));
    }

    /** Which of them was led to which server nobody can tell: nothing is split by guess, and no way is doubled. */
    @Test
    void twoProgramsBehindOneAddressAndTwoServersStayHalves() {
        twoServersBehindOneAddress();
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, SERVICE),
                client(WEB, "cron", WEB_AT, SERVICE),
                server(DB, "postgres", DB_AT, WEB_AT),
                server(OTHER, "postgres", OTHER_AT, WEB_AT));
        Map<SeenFrom, Long> from = Site.dependencies(joined).stream()
                .collect(Collectors.groupingBy(Dependency::seenFrom, Collectors.counting()));
        assertThat(from).isEqualTo(Map.of(SeenFrom.CLIENT, 2L, SeenFrom.SERVER, 2L));
        assertThat(Site.dependencies(joined)).allSatisfy(each -> {
            assertThat(each.via()).containsExactly("web1");
            assertThat(each.client().host()).isEqualTo("web1");
            assertThat(each.server().program()).isEqualTo("postgres");
        });
        assertThat(Site.by("app", joined).dependency().server().host()).isNull();
    }

    /** Both servers on one host: what the clients tell and what the servers tell is the same, and never added up. */
    @Test
    void halvesThatStayAreNotAddedUpAtAnyLevel() {
        site.host(DB, "db1", DB_AT, OTHER_AT);
        twoServersBehindOneAddress();
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, SERVICE),
                client(WEB, "cron", WEB_AT, SERVICE),
                server(DB, "postgres", DB_AT, WEB_AT),
                server(DB, "postgres", OTHER_AT, WEB_AT));
        for (Level level : List.of(Level.SERVICE, Level.HOST, Level.ZONE, Level.SITE)) {
            Map<SeenFrom, Long> counts = Site.dependencies(level.fold(joined)).stream()
                    .collect(Collectors.groupingBy(
                            Dependency::seenFrom, Collectors.summingLong(Dependency::connections)));
            assertThat(counts).as(level.toString()).isEqualTo(Map.of(SeenFrom.CLIENT, 6L, SeenFrom.SERVER, 6L));
        }
    }

    /** As getaddrinfo(3) makes them: one that was connected and never sent takes no half that another asked. */
    @Test
    void aSilentSocketTakesNoHalfThroughATranslation() {
        site.datagrams(WEB, WEB_AT + ">" + SERVICE, WEB_AT + ">" + DB_AT)
                .datagrams(WEB, WEB_AT + ">" + SERVICE, WEB_AT + ">" + OTHER_AT);
        List<Joined> joined = site.join(
                client(WEB, "resolver", WEB_AT, SERVICE).overUdp(),
                client(WEB, "idle", WEB_AT, SERVICE).overUdp().unproved(),
                server(DB, "named", DB_AT, WEB_AT).overUdp(),
                server(OTHER, "named", OTHER_AT, WEB_AT).overUdp());
        assertThat(Site.by("idle", joined).attempt()).isTrue();
        assertThat(joined.stream().filter(each -> !each.attempt())).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().client().program()).isEqualTo("resolver");
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
        });
    }

    /** A rule that is gone leaves entries behind for minutes, and connections that nobody closed for days. */
    @Test
    void whatIsLeftOverDoesNotUnnameADirectDependency() {
        site.translation(WEB, 0, WEB_AT + ">" + DB_AT, WEB_AT + ">10.2.0.99");
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, DB_AT), server(DB, "postgres", DB_AT, WEB_AT)));
        isBoth(one);
    }

    /** An agent may write of its own host only: it sends on nothing that is meant for another. */
    @Test
    void aHostIsNotBelievedAboutAddressesOfOthers() {
        site.translation(OTHER, 0, WEB_AT + ">" + DB_AT, WEB_AT + ">" + OTHER_AT)
                .translation(OTHER, 77, WEB_AT + ">" + DB_AT, WEB_AT + ">" + OTHER_AT + ":99")
                .translation(OTHER, 0, "10.1.0.77>" + DB_AT, WEB_AT + ">" + DB_AT);
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, DB_AT),
                server(DB, "postgres", DB_AT, WEB_AT),
                server(OTHER, "other", OTHER_AT, WEB_AT));
        isBoth(Site.by("app", joined).dependency());
        assertThat(joined)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.dependency().via()).isEmpty());
    }

    /** Thousands of made-up translations between a few addresses: nobody walks all ways through them. */
    @Test
    void aThicketIsNotWalked() {
        int many = 60;
        site.host(
                GATE,
                "gate1",
                IntStream.range(0, many).mapToObj(i -> "10.3.0." + i).toArray(String[]::new));
        for (int from = 0; from < many; from++) {
            for (int to = 0; to < many; to++) {
                if (from != to) {
                    site.translation(GATE, 0, WEB_AT + ">10.3.0." + from, WEB_AT + ">10.3.0." + to);
                }
            }
        }
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            Dependency one = only(site.join(client(WEB, "app", WEB_AT, "10.3.0.0")));
            assertThat(one.via()).isEmpty();
        });
    }

    @Test
    void twoProgramsLedToOneServerKeepTheirOwnCounts() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT);
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, GATE_OUT),
                client(WEB, "cron", WEB_AT, GATE_OUT),
                server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
            assertThat(each.dependency().connections()).isEqualTo(3);
        });
    }

    /** Two hosts behind one address: the one server half confirms the sum of both, as of two programs. */
    @Test
    void twoClientsBehindOneAddressAreBothNamed() {
        site.translation(GATE, 0, WEB_AT + ">" + DB_AT, GATE_IN + ">" + DB_AT)
                .translation(GATE, 0, "10.1.0.3>" + DB_AT, GATE_IN + ">" + DB_AT);
        HostId second = new HostId(0, 5);
        site.host(second, "web2", "10.1.0.3");
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, DB_AT),
                client(second, "cron", "10.1.0.3", DB_AT),
                server(DB, "postgres", DB_AT, GATE_IN));
        assertThat(joined).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
            assertThat(each.dependency().server().program()).isEqualTo("postgres");
        });
        assertThat(Site.by("cron", joined).dependency().client().host()).isEqualTo("web2");
    }

    @Test
    void aServerThatNobodyWatchesIsNamedByItsOwnAddress() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">10.9.9.9:99");
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, GATE_OUT)));
        assertThat(one.server().host()).isNull();
        assertThat(one.server().address()).isEqualTo("10.9.9.9");
        assertThat(one.server().port()).isEqualTo(99);
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.CLIENT);
        assertThat(one.via()).containsExactly("gate1");
    }

    @Test
    void aClientThatNobodyWatchesIsNamedByItsOwnAddress() {
        site.translation(GATE, 0, "10.1.0.77>" + DB_AT, GATE_IN + ">" + DB_AT);
        Dependency one = only(site.join(server(DB, "postgres", DB_AT, GATE_IN)));
        assertThat(one.client().host()).isNull();
        assertThat(one.client().address()).isEqualTo("10.1.0.77");
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.SERVER);
    }

    /** The address that the server sees is all there is to tell of them; the gateway is none of them. */
    @Test
    void severalThatNobodyWatchesAreNobody() {
        site.translation(GATE, 0, "10.1.0.77>" + DB_AT, GATE_IN + ">" + DB_AT)
                .translation(GATE, 0, "10.1.0.78>" + DB_AT, GATE_IN + ">" + DB_AT);
        Dependency one = only(site.join(server(DB, "postgres", DB_AT, GATE_IN)));
        assertThat(one.client().host()).isNull();
        assertThat(one.via()).containsExactly("gate1");
    }

    /** Without what translated, the halves are as they are: two dependencies, each seen from its end. */
    @Test
    void withoutATranslationNothingIsMerged() {
        List<Joined> joined = site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, GATE_IN));
        assertThat(Site.dependencies(joined))
                .extracting(Dependency::seenFrom)
                .containsExactlyInAnyOrder(SeenFrom.CLIENT, SeenFrom.SERVER);
        assertThat(Site.dependencies(joined))
                .allSatisfy(each -> assertThat(each.via()).isEmpty());
    }

    /** What was translated in another hour leads nobody anywhere now. */
    @Test
    void aTranslationOfAnotherTimeIsNotGone() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT, 7_200_000, 7_260_000);
        List<Joined> joined = site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2);
    }

    /** Another site uses the same private addresses for something else. */
    @Test
    void aTranslationOfAnotherSiteIsNotGone() {
        HostId far = new HostId(0, 6);
        site.host(far, "gate9", Map.of("site", "osaka"), GATE_OUT);
        site.translation(far, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT);
        List<Joined> joined = site.join(client(WEB, "app", WEB_AT, GATE_OUT), server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2);
    }

    /** Every host has its own 172.17.0.2: what one host publishes is not asked by another's container. */
    @Test
    void containersOfTwoHostsWithOneAddressAreNotTakenForEachOther() {
        site.host(new HostId(0, 7), "node1", "10.1.0.7", "172.17.0.1", "51@172.17.0.2")
                .host(new HostId(0, 8), "node2", "10.1.0.8", "172.17.0.1", "52@172.17.0.2")
                .translation(new HostId(0, 7), 0, "172.17.0.2>" + DB_AT, "10.1.0.7>" + DB_AT)
                .translation(new HostId(0, 8), 0, "172.17.0.2>" + DB_AT, "10.1.0.8>" + DB_AT);
        List<Joined> joined = site.join(
                client(new HostId(0, 7), "one", "172.17.0.2", DB_AT).in(51),
                client(new HostId(0, 8), "two", "172.17.0.2", DB_AT).in(52),
                server(DB, "postgres", DB_AT, "10.1.0.7"),
                server(DB, "postgres", DB_AT, "10.1.0.8"));
        assertThat(joined)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH));
        assertThat(Site.by("one", joined).dependency().via()).containsExactly("node1");
        assertThat(Site.by("two", joined).dependency().via()).containsExactly("node2");
    }

    @Test
    void whatWasRefusedIsAnAttemptAtWhoRefused() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + DB_AT);
        List<Joined> joined = site.join(client(WEB, "app", WEB_AT, GATE_OUT).refused());
        assertThat(joined.getFirst().attempt()).isTrue();
        assertThat(only(joined).server().host()).isEqualTo("db1");
    }

    @Test
    void aDirectConnectionStaysWhatItIs() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, WEB_AT + ">" + OTHER_AT);
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, DB_AT), server(DB, "postgres", DB_AT, WEB_AT)));
        isBoth(one);
        assertThat(one.asked()).isNull();
    }

    @Test
    void aroundFindsTheAddressesOfTheOtherHalves() {
        site.translation(GATE, 0, WEB_AT + ">" + GATE_OUT, GATE_IN + ">" + DB_AT);
        assertThat(site.around(client(WEB, "app", WEB_AT, GATE_OUT)))
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(GATE_OUT, GATE_IN, DB_AT);
        assertThat(site.around(client(WEB, "app", WEB_AT, DB_AT))).isEmpty();
    }
}
