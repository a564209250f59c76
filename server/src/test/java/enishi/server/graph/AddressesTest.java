package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.HostId;
import enishi.model.Transport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom an address means, seen by what joining makes of it. */
class AddressesTest {
    private static final HostId A = new HostId(0, 1);
    private static final HostId B = new HostId(0, 2);
    private static final HostId C = new HostId(0, 3);
    private static final String A_AT = "10.0.0.1";
    private static final String B_AT = "10.0.0.2";
    private static final String C_AT = "10.0.0.3";
    private static final String BRIDGE = "172.17.0.1";
    private static final String FIRST = "172.17.0.2";
    private static final String SECOND = "172.17.0.3";

    private static Dependency only(List<Joined> joined) {
        assertThat(joined).hasSize(1);
        return joined.getFirst().dependency();
    }

    private static void assertApart(List<Joined> joined, int count) {
        assertThat(Site.dependencies(joined))
                .hasSize(count)
                .extracting(Dependency::seenFrom)
                .doesNotContain(SeenFrom.BOTH);
    }

    /** Three hosts, two of which run containers behind a bridge with the addresses every Docker gives. */
    private static Site bridged() {
        return new Site()
                .host(A, "a", A_AT, BRIDGE, "41@" + FIRST, "42@" + SECOND)
                .host(B, "b", B_AT, BRIDGE, "51@" + FIRST, "52@" + SECOND)
                .host(C, "c", C_AT);
    }

    /** 127.0.0.1 of one host is not 127.0.0.1 of another. */
    @Test
    void loopbackStaysWithinItsHost() {
        Site site = new Site().host(A, "a", A_AT).host(B, "b", B_AT);
        assertApart(
                site.join(client(A, "app", "127.0.0.1", "127.0.0.1"), server(B, "postgres", "127.0.0.1", "127.0.0.1")),
                2);
    }

    @Test
    void loopbackStaysWithinItsNamespace() {
        assertApart(
                bridged()
                        .join(
                                client(A, "app", "127.0.0.1", "127.0.0.1"),
                                server(A, "postgres", "127.0.0.1", "127.0.0.1").in(41)),
                2);
    }

    @Test
    void loopbackWithinOneNamespaceIsOneDependency() {
        Dependency one = only(bridged()
                .join(
                        client(A, "app", "127.0.0.1", "127.0.0.1").in(41),
                        server(A, "postgres", "127.0.0.1", "127.0.0.1").in(41)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().host()).isEqualTo("a");
    }

    /** Private ranges overlap between data centres. */
    @Test
    void theSameAddressInAnotherSiteIsAnotherHost() {
        Site site = new Site().host(A, "a", Map.of("site", "tokyo"), A_AT).host(B, "b", Map.of("site", "osaka"), B_AT);
        assertThat(only(site.join(client(A, "app", A_AT, B_AT))).server().host())
                .isNull();
    }

    /** Two data centres built alike: neither client is confirmed by the other's server. */
    @Test
    void twoSitesWithTheSameAddressesAreJoinedEachForItself() {
        HostId d = new HostId(0, 4);
        Site site = new Site()
                .host(A, "a", Map.of("site", "tokyo"), A_AT)
                .host(B, "b", Map.of("site", "tokyo"), B_AT)
                .host(C, "c", Map.of("site", "osaka"), A_AT)
                .host(d, "d", Map.of("site", "osaka"), B_AT);
        List<Joined> joined = site.join(
                client(A, "east", A_AT, B_AT),
                client(C, "west", A_AT, B_AT),
                server(B, "postgres", B_AT, A_AT),
                server(d, "mysqld", B_AT, A_AT));
        assertThat(joined).hasSize(2);
        assertThat(Site.by("east", joined).dependency().server().program()).isEqualTo("postgres");
        assertThat(Site.by("west", joined).dependency().server().program()).isEqualTo("mysqld");
    }

    /** Both hosts have a container with the first address of the bridge: each client means its own. */
    @Test
    void aContainerOfTheOwnHostIsMeantBeforeThatOfAnother() {
        List<Joined> joined = bridged()
                .join(
                        client(A, "curl", BRIDGE, FIRST),
                        server(A, "nginx", FIRST, BRIDGE).in(41),
                        client(B, "wget", BRIDGE, FIRST),
                        server(B, "httpd", FIRST, BRIDGE).in(51));
        assertThat(joined).hasSize(2);
        assertThat(Site.by("curl", joined).dependency().server().program()).isEqualTo("nginx");
        assertThat(Site.by("wget", joined).dependency().server().program()).isEqualTo("httpd");
    }

    @Test
    void aContainerReachesItsNeighbourOnTheSameHost() {
        List<Joined> joined = bridged()
                .join(
                        client(A, "app", FIRST, SECOND).in(41),
                        server(A, "redis", SECOND, FIRST).in(42),
                        server(B, "redis", SECOND, FIRST).in(52));
        assertThat(Site.by("app", joined).dependency().server().host()).isEqualTo("a");
        assertThat(joined).hasSize(2);
    }

    /** The bridge's own address is in the root namespace of every such host. */
    @Test
    void theBridgeOfTheOwnHostIsMeant() {
        Dependency one = only(bridged().join(client(A, "app", FIRST, BRIDGE).in(41)));
        assertThat(one.server().host()).isEqualTo("a");
    }

    @Test
    void anAddressOfTwoOtherHostsNamesNeither() {
        Site site = bridged().listener(A, 41, Transport.TCP, "nginx").listener(B, 51, Transport.TCP, "httpd");
        Joined one = site.join(client(C, "curl", C_AT, FIRST)).getFirst();
        assertThat(one.dependency().server().host()).isNull();
        assertThat(one.dependency().server().program()).isNull();
        assertThat(one.server().places()).hasSize(2);
    }

    /** An agent without root cannot list its containers: the only one known of that address is another host's. */
    @Test
    void aPrivateAddressOfAnotherHostIsNotTakenForAnUnseenOwnOne() {
        Site site = new Site()
                .host(A, "a", A_AT, BRIDGE, "41@" + FIRST)
                .host(B, "b", B_AT, BRIDGE)
                .listener(A, 41, Transport.TCP, "nginx");
        List<Joined> joined = site.join(
                client(B, "curl", BRIDGE, FIRST),
                server(A, "nginx", FIRST, BRIDGE).in(41));
        assertApart(joined, 2);
        assertThat(Site.by("curl", joined).dependency().server().host()).isNull();
    }

    /** Pods have addresses that are routed between hosts and unique in the site. */
    @Test
    void aContainerWithAnAddressOfItsOwnIsReachedFromAnotherHost() {
        Site site = new Site().host(A, "a", A_AT, "41@10.1.0.5").host(B, "b", B_AT, "51@10.2.0.7");
        Dependency one = only(site.join(
                client(A, "app", "10.1.0.5", "10.2.0.7").in(41),
                server(B, "redis", "10.2.0.7", "10.1.0.5").in(51)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(only(site.join(client(A, "app", A_AT, "10.2.0.7"))).server().host())
                .isEqualTo("b");
    }

    /** A published port: the container sees the true client, whose address only one host holds. */
    @Test
    void theClientOfAContainerIsNamedByItsUniqueAddress() {
        Dependency one = only(bridged().join(server(B, "nginx", FIRST, C_AT).in(51)));
        assertThat(one.client().host()).isEqualTo("c");
    }

    /** A virtual address that two hosts hold: the half that names its client beyond doubt says which was meant. */
    @Test
    void aServerHalfTellsWhichHolderOfAnAddressWasMeant() {
        Site site = new Site()
                .host(A, "a", A_AT, "10.0.0.100")
                .host(B, "b", B_AT, "10.0.0.100")
                .host(C, "c", C_AT);
        Half asking = client(C, "app", C_AT, "10.0.0.100");
        assertThat(only(site.join(asking)).server().host()).isNull();
        Dependency one = only(site.join(asking, server(B, "haproxy", "10.0.0.100", C_AT)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().host()).isEqualTo("b");
    }

    /** Its address went with it, from one host to another. */
    @Test
    void aServiceThatMovedIsWhereItWasThen() {
        Site site = new Site().host(A, "a", A_AT).host(B, "b", B_AT).host(C, "c", C_AT);
        Half asking = client(A, "app", A_AT, "10.0.0.100");
        Half before = server(B, "postgres", "10.0.0.100", A_AT).during(0, 60);
        Half after = server(C, "postgres", "10.0.0.100", A_AT).during(63, 120);
        Dependency late =
                Site.by("app", site.join(asking.during(70, 80), before, after)).dependency();
        assertThat(late.server().host()).isEqualTo("c");
        Dependency throughout = only(site.join(asking.during(10, 110), before, after));
        assertThat(throughout.server().host()).isNull();
        assertThat(throughout.server().program()).isEqualTo("postgres");
    }

    /** An isolated namespace may use an address of the network outside. */
    @Test
    void anAddressOfAnOwnContainerAndOfAnotherHostIsUnknownUntilAHalfTells() {
        Site site = new Site().host(A, "a", A_AT, "41@" + B_AT).host(B, "b", B_AT);
        Half asking = client(A, "app", A_AT, B_AT);
        assertThat(only(site.join(asking)).server().host()).isNull();
        assertThat(only(site.join(asking, server(B, "postgres", B_AT, A_AT)))
                        .server()
                        .host())
                .isEqualTo("b");
    }

    /** fe80::1 exists on every link. */
    @Test
    void aLinkLocalAddressMeansNobodyOnAnotherHost() {
        Site site = new Site().host(A, "a", A_AT).host(B, "b", B_AT, "fe80::b");
        assertApart(site.join(client(A, "app", "fe80::a", "fe80::b"), server(B, "ntpd", "fe80::b", "fe80::a")), 2);
        assertThat(only(site.join(client(B, "app", "fe80::b", "fe80::b"), server(B, "ntpd", "fe80::b", "fe80::b")))
                        .seenFrom())
                .isEqualTo(SeenFrom.BOTH);
    }

    /** Hosts tell the addresses they have now; the window may be of last year. */
    @Test
    void whoSpokeFromAnAddressHeldItThen() {
        Site site = new Site().host(A, "a").host(B, "b");
        Dependency one = only(site.join(client(A, "app", A_AT, B_AT), server(B, "postgres", B_AT, A_AT)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().host()).isEqualTo("b");
    }

    /** A restarted container has its address in a new namespace. */
    @Test
    void twoNamespacesOfOneHostStillNameTheHost() {
        Site site = new Site().host(A, "a", A_AT, "41@" + FIRST, "43@" + FIRST).listener(A, 43, Transport.TCP, "nginx");
        Dependency one = only(site.join(client(A, "curl", BRIDGE, FIRST)));
        assertThat(one.server().host()).isEqualTo("a");
        assertThat(one.server().program()).isEqualTo("nginx");
    }

    /** Each spoke with a neighbour of its own host that no agent saw: one that lived shortly, or behind a privilege. */
    @Test
    void containersOfTheSamePrivateNetworkOnTwoHostsAreNotJoined() {
        Site site = new Site().host(A, "a", A_AT, BRIDGE, "41@" + FIRST).host(B, "b", B_AT, BRIDGE, "52@" + SECOND);
        List<Joined> joined = site.join(
                client(A, "app", FIRST, SECOND).in(41),
                server(B, "redis", SECOND, FIRST).in(52));
        assertApart(joined, 2);
        assertThat(Site.by("app", joined).dependency().server().host()).isNull();
    }

    /** Rootless Podman keeps its bridge in a namespace; kind has that of its pods within that of its node. */
    @Test
    void theBridgeMayItselfBeInANamespace() {
        Site site = new Site()
                .host(A, "a", A_AT, "40@10.89.0.1", "41@10.89.0.2")
                .host(B, "b", B_AT, "50@10.89.0.1", "52@10.89.0.3");
        assertApart(
                site.join(
                        client(A, "app", "10.89.0.2", "10.89.0.3").in(41),
                        server(B, "redis", "10.89.0.3", "10.89.0.2").in(52)),
                2);
    }

    @Test
    void privateNetworksOfV6RepeatToo() {
        Site site = new Site()
                .host(A, "a", A_AT, "fd00:d::1", "41@fd00:d::2")
                .host(B, "b", B_AT, "fd00:d::1", "52@fd00:d::3");
        assertApart(
                site.join(
                        client(A, "app", "fd00:d::2", "fd00:d::3").in(41),
                        server(B, "redis", "fd00:d::3", "fd00:d::2").in(52)),
                2);
    }

    /** A container asks its own host without translation, and another host's container has its address. */
    @Test
    void anUnseenOwnContainerIsNotTakenForThatOfAnotherHost() {
        Site site = new Site().host(A, "a", A_AT, BRIDGE, "41@" + FIRST).host(B, "b", B_AT, BRIDGE);
        Half ofB = server(B, "postgres", B_AT, FIRST);
        assertThat(only(site.join(ofB)).client().host()).isNull();
        List<Joined> joined = site.join(ofB, client(A, "app", FIRST, B_AT).in(41));
        assertApart(joined, 2);
        assertThat(Site.by("app", joined).dependency().server().host()).isEqualTo("b");
    }

    /** Each node's bridge has the first address of that node's own network. */
    @Test
    void podsBehindBridgesThatDoNotRepeatReachEachOther() {
        Site site = new Site()
                .host(A, "a", A_AT, "10.42.0.1", "41@10.42.0.5")
                .host(B, "b", B_AT, "10.42.1.1", "51@10.42.1.7");
        Dependency one = only(site.join(
                client(A, "app", "10.42.0.5", "10.42.1.7").in(41),
                server(B, "redis", "10.42.1.7", "10.42.0.5").in(51)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().host()).isEqualTo("b");
    }

    /** What both clusters number alike does not keep the pods of one from each other. */
    @Test
    void twoClustersOfOneSiteNumberedAlikeAreJoinedEachForItself() {
        HostId d = new HostId(0, 4);
        Site site = new Site()
                .host(A, "a", A_AT, "10.42.0.1", "41@10.42.0.5")
                .host(B, "b", B_AT, "10.42.1.1", "51@10.42.1.7")
                .host(C, "c", C_AT, "10.42.0.1", "61@10.42.0.6")
                .host(d, "d", "10.0.0.4", "10.42.1.1", "71@10.42.1.8");
        List<Joined> joined = site.join(
                client(A, "east", "10.42.0.5", "10.42.1.7").in(41),
                server(B, "postgres", "10.42.1.7", "10.42.0.5").in(51),
                client(C, "west", "10.42.0.6", "10.42.1.8").in(61),
                server(d, "mysqld", "10.42.1.8", "10.42.0.6").in(71));
        assertThat(joined).hasSize(2);
        assertThat(Site.by("east", joined).dependency().server().program()).isEqualTo("postgres");
        assertThat(Site.by("west", joined).dependency().server().program()).isEqualTo("mysqld");
    }

    /** Only private ranges overlap between data centres. */
    @Test
    void aGlobalAddressNamesAHostOfAnotherSite() {
        Site site = new Site()
                .host(A, "a", Map.of("site", "tokyo"), "2a00:1::1", "192.88.1.1")
                .host(B, "b", Map.of("site", "osaka"), "2a00:2::1", "192.88.2.1");
        Dependency one = only(
                site.join(client(A, "app", "2a00:1::1", "2a00:2::1"), server(B, "nginx", "2a00:2::1", "2a00:1::1")));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().site()).isEqualTo("osaka");
        assertThat(only(site.join(client(A, "app", "192.88.1.1", "192.88.2.1")))
                        .server()
                        .host())
                .isEqualTo("b");
    }

    /** A host that was reinstalled is another, and its first self tells no new addresses any more. */
    @Test
    void anAddressIsThatOfTheHostThatReportedThen() {
        Site site = new Site()
                .host(A, "before", B_AT)
                .reporting(0, 60)
                .host(B, "after", B_AT)
                .reporting(90, 200)
                .host(C, "c", C_AT)
                .reporting(0, 200);
        Half asking = client(C, "app", C_AT, B_AT);
        assertThat(only(site.join(asking.during(20, 30))).server().host()).isEqualTo("before");
        assertThat(only(site.join(asking.during(100, 110))).server().host()).isEqualTo("after");
        assertThat(only(site.join(asking.during(20, 110))).server().host()).isNull();
        assertThat(only(site.join(server(C, "postgres", C_AT, B_AT).during(100, 110)))
                        .client()
                        .host())
                .isEqualTo("after");
    }

    /** A pod's address goes to the next pod, on whichever host, long after its first host was given up. */
    @Test
    void anAddressThatAGivenUpHostHadIsHeldByNobodyElseNow() {
        Site site = new Site()
                .host(A, "gone", "41@10.1.0.5")
                .reporting(0, 60)
                .host(B, "b", "51@10.1.0.5")
                .reporting(90, 200)
                .host(C, "c", "61@10.2.0.7")
                .reporting(90, 200);
        Half asking = client(B, "app", "10.1.0.5", "10.2.0.7").in(51).during(100, 110);
        assertThat(only(site.join(asking)).server().host()).isEqualTo("c");
    }

    /** Its agent is away, but no other host could have been meant. */
    @Test
    void aHostThatDoesNotReportIsStillNamedByAnAddressOfItsOwn() {
        Site site = new Site()
                .host(A, "a", A_AT)
                .reporting(0, 200)
                .host(B, "b", B_AT)
                .reporting(0, 60);
        assertThat(only(site.join(client(A, "app", A_AT, B_AT).during(100, 110)))
                        .server()
                        .host())
                .isEqualTo("b");
    }
}
