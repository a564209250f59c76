package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Evidence;
import enishi.model.HostId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LevelTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId DB = new HostId(0, 2);
    private static final HostId TWIN = new HostId(0, 3);
    private static final String WEB_AT = "10.0.0.1";
    private static final String DB_AT = "10.0.0.2";
    private static final String TWIN_AT = "10.0.0.3";
    private final Site site =
            new Site().host(WEB, "web1", WEB_AT).host(DB, "db1", DB_AT).host(TWIN, "web1", TWIN_AT);

    private Dependency only(Level level, Half... halves) {
        List<Joined> folded = level.fold(site.join(halves));
        assertThat(folded).hasSize(1);
        return folded.getFirst().dependency();
    }

    @Test
    void countsAreSummedAndEvidenceIsUnited() {
        Dependency one = only(
                Level.HOST,
                client(WEB, "app", WEB_AT, DB_AT),
                client(WEB, "cron", WEB_AT, DB_AT).partlyRefused(),
                server(DB, "postgres", DB_AT, WEB_AT));
        assertThat(one.connections()).isEqualTo(6);
        assertThat(one.failures()).isEqualTo(4);
        assertThat(one.active()).isEqualTo(4);
        assertThat(one.evidence()).containsExactlyInAnyOrder(Evidence.CONNECT, Evidence.ACCEPT);
        assertThat(one.client().program()).isNull();
        assertThat(one.server().port()).isZero();
    }

    /** Each end reported something of what is now one: so both did. */
    @Test
    void oneSeenFromTheClientAndOneFromTheServerIsSeenFromBoth() {
        Half asking = client(WEB, "app", WEB_AT, DB_AT);
        Half answering = server(DB, "named", DB_AT, WEB_AT).overUdp();
        Half other = server(DB, "postgres", DB_AT, WEB_AT).refused();
        assertThat(only(Level.SERVICE, asking).seenFrom()).isEqualTo(SeenFrom.CLIENT);
        List<Joined> tcpAndUdp = Level.HOST.fold(site.join(asking, answering));
        assertThat(tcpAndUdp).hasSize(2);
        Dependency added =
                Level.add(tcpAndUdp.getFirst().dependency(), tcpAndUdp.getLast().dependency());
        assertThat(added.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(Level.HOST.fold(site.join(asking, other)))
                .extracting(Joined::attempt)
                .containsExactlyInAnyOrder(false, true);
    }

    @Test
    void bytesKnownInPartAreAtLeastThatManyAndSaidToBePart() {
        List<Joined> folded = Level.HOST.fold(
                site.join(client(WEB, "app", WEB_AT, DB_AT).ofBytes(100), client(WEB, "cron", WEB_AT, DB_AT)));
        assertThat(folded).hasSize(1);
        assertThat(folded.getFirst().dependency().clientBytes()).isEqualTo(100);
        assertThat(folded.getFirst().partOfBytes()).isTrue();
        List<Joined> whole = Level.HOST.fold(site.join(
                client(WEB, "app", WEB_AT, DB_AT).ofBytes(100),
                client(WEB, "cron", WEB_AT, DB_AT).ofBytes(11)));
        assertThat(whole.getFirst().dependency().clientBytes()).isEqualTo(111);
        assertThat(whole.getFirst().partOfBytes()).isFalse();
        List<Joined> unknown =
                Level.HOST.fold(site.join(client(WEB, "app", WEB_AT, DB_AT), client(WEB, "cron", WEB_AT, DB_AT)));
        assertThat(unknown.getFirst().dependency().clientBytes()).isNull();
        assertThat(unknown.getFirst().partOfBytes()).isFalse();
    }

    @Test
    void aSumTooLargeStaysAtTheLargest() {
        Dependency one = only(
                Level.HOST,
                client(WEB, "app", WEB_AT, DB_AT).ofBytes(Long.MAX_VALUE - 1),
                client(WEB, "cron", WEB_AT, DB_AT).ofBytes(Long.MAX_VALUE - 1));
        assertThat(one.clientBytes()).isEqualTo(Long.MAX_VALUE);
    }

    /** Clones share their name. */
    @Test
    void twoHostsOfOneNameStayTwo() {
        assertThat(Level.HOST.fold(site.join(client(WEB, "app", WEB_AT, DB_AT), client(TWIN, "app", TWIN_AT, DB_AT))))
                .hasSize(2);
    }

    /** Hosts without zone or site labels have none either: that is not the same as being unknown. */
    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"SERVICE", "HOST", "ZONE", "SITE"})
    void anUnknownEndIsNeverFoldedIntoAKnownOne(Level level) {
        List<Joined> folded = level.fold(site.join(
                server(DB, "postgres", DB_AT, WEB_AT),
                server(DB, "postgres", DB_AT, "192.0.2.1"),
                server(DB, "postgres", DB_AT, "192.0.2.2")));
        assertThat(Site.dependencies(folded))
                .extracting(each -> each.client().address())
                .containsExactlyInAnyOrder("", "192.0.2.1", "192.0.2.2");
    }

    @Test
    void hostsOfOneZoneAreOne() {
        Site zoned = new Site()
                .host(WEB, "web1", Map.of("zone", "a"), WEB_AT)
                .host(TWIN, "web2", Map.of("zone", "a"), TWIN_AT)
                .host(DB, "db1", Map.of("zone", "b"), DB_AT);
        List<Joined> folded =
                Level.ZONE.fold(zoned.join(client(WEB, "app", WEB_AT, DB_AT), client(TWIN, "app", TWIN_AT, DB_AT)));
        assertThat(folded).hasSize(1);
        assertThat(folded.getFirst().dependency().client().zone()).isEqualTo("a");
        assertThat(folded.getFirst().dependency().client().host()).isNull();
    }
}
