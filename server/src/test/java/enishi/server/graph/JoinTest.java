package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Evidence;
import enishi.model.HostId;
import enishi.model.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId DB = new HostId(0, 2);
    private static final String WEB_AT = "10.0.0.1";
    private static final String DB_AT = "10.0.0.2";
    private final Site site = new Site().host(WEB, "web1", WEB_AT).host(DB, "db1", DB_AT);

    private static Dependency only(List<Joined> joined) {
        assertThat(joined).hasSize(1);
        return joined.getFirst().dependency();
    }

    @Test
    void bothHalvesMakeOneDependencySeenFromBothEnds() {
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, DB_AT), server(DB, "postgres", DB_AT, WEB_AT)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.client().program()).isEqualTo("app");
        assertThat(one.server().program()).isEqualTo("postgres");
        assertThat(one.server().host()).isEqualTo("db1");
        assertThat(one.connections()).isEqualTo(3);
        assertThat(one.evidence()).containsExactlyInAnyOrder(Evidence.CONNECT, Evidence.ACCEPT);
    }

    /** The server half knows an address, not a process: it confirms the sum and is split between nobody. */
    @Test
    void twoProgramsOfOneHostAreBothConfirmedAndKeepTheirOwnCounts() {
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, DB_AT),
                client(WEB, "cron", WEB_AT, DB_AT),
                server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
            assertThat(each.dependency().connections()).isEqualTo(3);
        });
    }

    /** The half proves that somebody of that host was answered: not the one who was refused. */
    @Test
    void anAttemptIsNotConfirmedByWhatAnotherProgramEstablished() {
        List<Joined> joined = site.join(
                client(WEB, "probe", WEB_AT, DB_AT).refused(),
                client(WEB, "app", WEB_AT, DB_AT),
                server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2);
        Joined probe = Site.by("probe", joined);
        assertThat(probe.attempt()).isTrue();
        assertThat(probe.dependency().seenFrom()).isEqualTo(SeenFrom.CLIENT);
        assertThat(probe.dependency().evidence()).containsExactly(Evidence.CONNECT);
        assertThat(probe.dependency().server().host()).isEqualTo("db1");
        assertThat(Site.by("app", joined).dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
    }

    /** A client without an agent behind the same address, say a container: its dependency must not vanish. */
    @Test
    void anAttemptTakesNoServerHalfAway() {
        List<Joined> joined =
                site.join(client(WEB, "probe", WEB_AT, DB_AT).refused(), server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(joined).hasSize(2);
        assertThat(Site.dependencies(joined))
                .extracting(Dependency::seenFrom)
                .containsExactlyInAnyOrder(SeenFrom.CLIENT, SeenFrom.SERVER);
    }

    /** A handshake that was never completed proves nothing about who was answered. */
    @Test
    void aServerHalfThatIsAnAttemptConfirmsNothing() {
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, DB_AT),
                server(DB, "postgres", DB_AT, WEB_AT).refused());
        assertThat(Site.by("app", joined).dependency().seenFrom()).isEqualTo(SeenFrom.CLIENT);
        assertThat(joined).filteredOn(Joined::attempt).hasSize(1);
    }

    @Test
    void aDependencyWithFailuresIsConfirmedAndKeepsThem() {
        Dependency one = only(
                site.join(client(WEB, "app", WEB_AT, DB_AT).partlyRefused(), server(DB, "postgres", DB_AT, WEB_AT)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.failures()).isEqualTo(4);
        assertThat(one.connections()).isEqualTo(3);
    }

    @Test
    void aClientWithoutAnAgentIsAnAddress() {
        Dependency one = only(site.join(server(DB, "postgres", DB_AT, "10.0.0.99")));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.SERVER);
        assertThat(one.client().host()).isNull();
        assertThat(one.client().address()).isEqualTo("10.0.0.99");
    }

    /** Nobody can say more of what lies outside: a mail relay, a public service. */
    @Test
    void aServerWithoutAnAgentIsAnAddress() {
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, "192.0.2.1")));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.CLIENT);
        assertThat(one.server().host()).isNull();
        assertThat(one.server().program()).isNull();
        assertThat(one.server().address()).isEqualTo("192.0.2.1");
    }

    /** One end uses a socket of both families, the other one of IPv4 alone. */
    @Test
    void aMappedAddressIsTheSameAsItsIpv4Address() {
        Dependency one = only(site.join(
                client(WEB, "app", "::ffff:10.0.0.1", "::ffff:10.0.0.2"), server(DB, "postgres", DB_AT, WEB_AT)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.server().address()).isEqualTo(DB_AT);
    }

    @Test
    void aListenerNamesTheServerThatReportedNoFlow() {
        site.listener(DB, 0, Transport.TCP, "postgres");
        Dependency one = only(site.join(client(WEB, "app", WEB_AT, DB_AT)));
        assertThat(one.server().program()).isEqualTo("postgres");
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.CLIENT);
    }

    @Test
    void twoProgramsBehindOneEndpointLeaveItsProgramUnknown() {
        Dependency one = only(site.join(
                client(WEB, "app", WEB_AT, DB_AT),
                server(DB, "blue", DB_AT, WEB_AT).by(2, 0),
                server(DB, "green", DB_AT, WEB_AT).by(3, 0)));
        assertThat(one.server().host()).isEqualTo("db1");
        assertThat(one.server().program()).isNull();
        assertThat(one.server().pids()).containsExactly(1, 2, 3);
    }

    /** A port is used by one program today and by another tomorrow. */
    @Test
    void whoeverListenedThenIsTheServer() {
        site.listener(DB, "blue", 0, 60).listener(DB, "green", 63, 120);
        Half asking = client(WEB, "app", WEB_AT, DB_AT);
        assertThat(only(site.join(asking.during(10, 20))).server().program()).isEqualTo("blue");
        assertThat(only(site.join(asking.during(90, 100))).server().program()).isEqualTo("green");
        assertThat(only(site.join(asking.during(10, 100))).server().program()).isNull();
    }

    /** The older program was asked by somebody else of that address, whose agent did not run yet. */
    @Test
    void aServerHalfOfAnotherTimeConfirmsNothing() {
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, DB_AT).during(90, 100),
                server(DB, "blue", DB_AT, WEB_AT).during(0, 60),
                server(DB, "green", DB_AT, WEB_AT).during(63, 120));
        assertThat(joined).hasSize(2);
        Dependency app = Site.by("app", joined).dependency();
        assertThat(app.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(app.server().program()).isEqualTo("green");
        assertThat(Site.dependencies(joined))
                .filteredOn(each -> each.seenFrom() == SeenFrom.SERVER)
                .extracting(each -> each.server().program())
                .containsExactly("blue");
    }

    /** Each agent was away while the other watched: it is still one dependency, and there is no other to confuse it with. */
    @Test
    void theOnlyHalfConfirmsAtAnyTime() {
        Dependency one = only(site.join(
                client(WEB, "app", WEB_AT, DB_AT).during(0, 10),
                server(DB, "postgres", DB_AT, WEB_AT).during(60, 70)));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
    }

    /** A log that a program writes to for hours by one socket, in a window that begins after it did. */
    @Test
    void aUdpConversationThatGoesOnIsADependency() {
        List<Joined> joined = site.join(
                client(WEB, "haproxy", WEB_AT, DB_AT).overUdp().goingOn(),
                server(DB, "rsyslogd", DB_AT, WEB_AT).overUdp().goingOn());
        assertThat(joined).hasSize(1);
        assertThat(joined.getFirst().attempt()).isFalse();
        assertThat(only(joined).seenFrom()).isEqualTo(SeenFrom.BOTH);
        List<Joined> refused =
                site.join(client(WEB, "haproxy", WEB_AT, DB_AT).overUdp().refused());
        assertThat(refused.getFirst().attempt()).isTrue();
    }

    /** getaddrinfo connects UDP sockets and sends nothing through them. */
    @Test
    void aSilentUdpSocketIsADependencyOnlyWhereAListenerAnswers() {
        Half silent = client(WEB, null, WEB_AT, DB_AT).overUdp().unproved();
        assertThat(site.join(silent).getFirst().attempt()).isTrue();
        site.listener(DB, 0, Transport.UDP, "named");
        assertThat(site.join(silent).getFirst().attempt()).isFalse();
    }

    @Test
    void aSilentUdpSocketTakesNoServerHalfFromAProvedOne() {
        Half silent = client(WEB, "ping", WEB_AT, DB_AT).overUdp().unproved();
        Half proved = client(WEB, "app", WEB_AT, DB_AT).overUdp();
        Half half = server(DB, "named", DB_AT, WEB_AT).overUdp();
        List<Joined> joined = site.join(silent, proved, half);
        assertThat(joined).hasSize(2);
        assertThat(Site.by("app", joined).dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(Site.by("ping", joined).attempt()).isTrue();
        assertThat(only(site.join(silent, half)).seenFrom()).isEqualTo(SeenFrom.BOTH);
    }

    @Test
    void whatIsNotListedOfTheProcessesIsCounted() {
        Dependency one = only(site.join(
                client(WEB, "app", WEB_AT, DB_AT).by(40, 5),
                server(DB, "postgres", DB_AT, WEB_AT).by(17, 0)));
        assertThat(one.client().pids()).hasSize(Dependency.PIDS_MAX).startsWith(1, 2, 3);
        assertThat(one.client().moreProcesses()).isEqualTo(40 - 16 + 5);
        assertThat(one.server().pids()).hasSize(Dependency.PIDS_MAX);
        assertThat(one.server().moreProcesses()).isEqualTo(1);
    }

    @Test
    void aProcessIsFoundThoughItIsNotListed() {
        Joined one = site.join(client(WEB, "app", WEB_AT, DB_AT).by(40, 0)).getFirst();
        assertThat(new Node.OnHost(WEB, "app", null, 40).isClient(one)).isTrue();
        assertThat(new Node.OnHost(WEB, "app", null, 41).isClient(one)).isFalse();
    }
}
