package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import enishi.model.Window;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JoinTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId DB = new HostId(0, 2);
    private static final String WEB_ADDRESS = "10.0.0.1";
    private static final String DB_ADDRESS = "10.0.0.2";

    private static KnownHost host(HostId id, String name, String address, Map<String, String> labels) {
        Host host = new Host(id, name, "boot", List.of(new HostAddress(0, Address.parse(address))), labels);
        return new KnownHost(host, 0, 0, Rung.SOCK_DIAG, 0);
    }

    private static Hosts both() {
        return new Hosts(List.of(host(WEB, "web1", WEB_ADDRESS, Map.of()), host(DB, "db1", DB_ADDRESS, Map.of())));
    }

    private static FlowTotals flow(HostId host, @Nullable String program, Role role, String local, String remote) {
        return flow(host, program, role, local, remote, Transport.TCP, Set.of(Evidence.LISTENER));
    }

    @SuppressWarnings("TooManyParameters")
    private static FlowTotals flow(
            HostId host,
            @Nullable String program,
            Role role,
            String local,
            String remote,
            Transport transport,
            Set<Evidence> evidence) {
        Program owner = program == null ? null : new Program(program, program + ".service", null);
        Flow flow = new Flow(host, 0, owner, role, Address.parse(local), Address.parse(remote), 5432, transport);
        return new FlowTotals(flow, 3, 1, 0, 2, null, 0, 0, 1000, 2000, evidence, List.of(), 0);
    }

    private static Dependency only(List<Joined> joined) {
        assertThat(joined).hasSize(1);
        return joined.getFirst().dependency();
    }

    @Test
    void bothHalvesMakeOneDependencySeenFromBothEnds() {
        Dependency one = only(Join.of(
                List.of(
                        flow(WEB, "app", Role.CLIENT, WEB_ADDRESS, DB_ADDRESS),
                        flow(DB, "postgres", Role.SERVER, DB_ADDRESS, WEB_ADDRESS)),
                both(),
                List.of()));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(one.client().program()).isEqualTo("app");
        assertThat(one.server().program()).isEqualTo("postgres");
        assertThat(one.server().host()).isEqualTo("db1");
        assertThat(one.connections()).isEqualTo(3);
    }

    /** The server half knows an address, not a process: it confirms the sum and is split between nobody. */
    @Test
    void twoProgramsOfOneHostAreBothConfirmedAndKeepTheirOwnCounts() {
        List<Joined> joined = Join.of(
                List.of(
                        flow(WEB, "app", Role.CLIENT, WEB_ADDRESS, DB_ADDRESS),
                        flow(WEB, "cron", Role.CLIENT, WEB_ADDRESS, DB_ADDRESS),
                        flow(DB, "postgres", Role.SERVER, DB_ADDRESS, WEB_ADDRESS)),
                both(),
                List.of());
        assertThat(joined).hasSize(2).allSatisfy(each -> {
            assertThat(each.dependency().seenFrom()).isEqualTo(SeenFrom.BOTH);
            assertThat(each.dependency().connections()).isEqualTo(3);
        });
    }

    @Test
    void aClientWithoutAnAgentIsAnAddress() {
        Dependency one =
                only(Join.of(List.of(flow(DB, "postgres", Role.SERVER, DB_ADDRESS, "10.0.0.99")), both(), List.of()));
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.SERVER);
        assertThat(one.client().host()).isNull();
        assertThat(one.client().address()).isEqualTo("10.0.0.99");
    }

    @Test
    void aListenerNamesTheServerThatReportedNoFlow() {
        Listener listener = new Listener(
                DB, 0, Address.ANY_V6, 5432, Transport.TCP, false, new Program("postgres", "postgres", null));
        Dependency one = only(Join.of(
                List.of(flow(WEB, "app", Role.CLIENT, WEB_ADDRESS, DB_ADDRESS)),
                both(),
                List.of(new KnownListener(listener, List.of(), 0, 1))));
        assertThat(one.server().program()).isEqualTo("postgres");
        assertThat(one.seenFrom()).isEqualTo(SeenFrom.CLIENT);
    }

    /** 127.0.0.1 of one host is not 127.0.0.1 of another. */
    @Test
    void loopbackStaysWithinItsHost() {
        List<Joined> joined = Join.of(
                List.of(
                        flow(WEB, "app", Role.CLIENT, "127.0.0.1", "127.0.0.1"),
                        flow(DB, "postgres", Role.SERVER, "127.0.0.1", "127.0.0.1")),
                both(),
                List.of());
        assertThat(joined)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.dependency().seenFrom()).isNotEqualTo(SeenFrom.BOTH));
    }

    /** Private ranges overlap between data centres. */
    @Test
    void theSameAddressInAnotherSiteIsAnotherHost() {
        Hosts hosts = new Hosts(List.of(
                host(WEB, "web1", WEB_ADDRESS, Map.of("site", "tokyo")),
                host(DB, "db1", DB_ADDRESS, Map.of("site", "osaka"))));
        Dependency one =
                only(Join.of(List.of(flow(WEB, "app", Role.CLIENT, WEB_ADDRESS, DB_ADDRESS)), hosts, List.of()));
        assertThat(one.server().host()).isNull();
    }

    @Test
    void aSilentUdpSocketIsADependencyOnlyWhereAListenerAnswers() {
        FlowTotals silent = flow(WEB, null, Role.CLIENT, WEB_ADDRESS, DB_ADDRESS, Transport.UDP, Set.of());
        Listener listener = new Listener(DB, 0, Address.ANY_V4, 5432, Transport.UDP, false, null);
        assertThat(Join.of(List.of(silent), both(), List.of()).getFirst().attempt())
                .isTrue();
        assertThat(Join.of(List.of(silent), both(), List.of(new KnownListener(listener, List.of(), 0, 1)))
                        .getFirst()
                        .attempt())
                .isFalse();
    }

    @Test
    void coverageNamesItsGapsToTheSecond() {
        Instant from = Instant.parse("2026-11-20T03:00:00Z");
        Window window = new Window(from, from.plusSeconds(120));
        long minute = from.getEpochSecond() / 60;
        Instant later = from.plusSeconds(3600);
        HostCoverage whole = covered(minute, Coverage.WHOLE_MINUTE);
        HostCoverage half = covered(minute + 1, (1L << 30) - 1);
        Map<HostId, String> web = Map.of(WEB, "web1");
        assertThat(Verdicts.of(window, later, List.of(whole, covered(minute + 1, Coverage.WHOLE_MINUTE)), web)
                        .verdict())
                .isEqualTo(Verdict.COMPLETE);
        assertThat(Verdicts.of(window, later, List.of(), web).verdict()).isEqualTo(Verdict.NOT_WATCHED);
        var gaps = Verdicts.of(window, later, List.of(whole, half), web)
                .hosts()
                .getFirst()
                .gaps();
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst().from()).isEqualTo(from.plusSeconds(90));
        assertThat(gaps.getFirst().to()).isEqualTo(from.plusSeconds(120));
    }

    private static HostCoverage covered(long minute, long seconds) {
        return new HostCoverage(WEB, new Coverage(minute, Rung.SOCK_DIAG, seconds, 0, 0, 0, 0, 0));
    }
}
