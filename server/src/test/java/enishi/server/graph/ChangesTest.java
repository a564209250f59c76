package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Change;
import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.Dependency.ServerEnd;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Transport;
import enishi.model.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final HostId WEB = new HostId(1, 1);
    private static final HostId DB = new HostId(2, 2);

    private static Joined joined(String program, SeenFrom from, long connections, long failures, @Nullable Long bytes) {
        Dependency dependency = new Dependency(
                new ClientEnd(null, null, "web", program, List.of(), 0, null, null, "10.0.0.1", null),
                new ServerEnd(null, null, "db", "postgres", List.of(), 0, null, null, "10.0.0.2", 5432, null),
                Transport.TCP,
                NOON,
                NOON,
                connections,
                failures,
                0,
                bytes,
                bytes,
                null,
                null,
                from,
                Set.of(),
                List.of());
        Joined.Side client = new Joined.Side(WEB, List.of(), List.of());
        Joined.Side server = new Joined.Side(DB, List.of(), List.of());
        return new Joined(dependency, client, server, false, false, List.of(), program);
    }

    private static Joined joined(String program, long connections) {
        return joined(program, SeenFrom.CLIENT, connections, 0, 0L);
    }

    /** An hour at noon, or so many hours; a host that is named was not watched throughout. */
    private static Changes.Side side(int hours, Set<HostId> broken, Joined... all) {
        List<HostWatch> watches = new ArrayList<>();
        for (HostId host : List.of(WEB, DB)) {
            List<Gap> gaps = broken.contains(host) ? List.of(new Gap(NOON, NOON.plusSeconds(1))) : List.of();
            watches.add(new HostWatch("h", host.toString(), Rung.EBPF, 3_600, gaps, 0, 0, 0, 0, 0, 0, 0, null));
        }
        Verdict verdict = broken.isEmpty() ? Verdict.COMPLETE : Verdict.GAPS;
        return new Changes.Side(
                List.of(all),
                new Window(NOON, NOON.plusSeconds(hours * 3_600L)),
                new CoverageVerdict(verdict, watches));
    }

    private static Changes.Side hour(Joined... all) {
        return side(1, Set.of(), all);
    }

    private static List<String> between(Changes.Side before, Changes.Side after) {
        return Changes.between(before, after).stream()
                .map(each -> each.change().kind()
                        + (each.change().certain() ? " " : "? ")
                        + each.latest().dependency().client().program())
                .sorted()
                .toList();
    }

    @Test
    void whatIsInOneWindowOnlyAppearedOrVanished() {
        assertThat(between(hour(joined("old", 1), joined("both", 1)), hour(joined("both", 1), joined("new", 1))))
                .containsExactly("APPEARED new", "VANISHED old");
        List<Change> changes = Changes.between(hour(joined("old", 1)), hour()).stream()
                .map(Changes.Changed::change)
                .toList();
        assertThat(changes.getFirst().before()).isNotNull();
        assertThat(changes.getFirst().after()).isNull();
    }

    /** Nobody was there to see it: that is no proof of absence. */
    @Test
    void anAbsenceIsCertainOnlyWhereAHostThatReportsItWasWatchedThroughout() {
        Joined client = joined("a", SeenFrom.CLIENT, 1, 0, 0L);
        Joined server = joined("b", SeenFrom.SERVER, 1, 0, 0L);
        Joined both = joined("c", SeenFrom.BOTH, 1, 0, 0L);
        Changes.Side before = hour(client, server, both);
        assertThat(between(before, side(1, Set.of(WEB)))).containsExactly("VANISHED b", "VANISHED c", "VANISHED? a");
        assertThat(between(before, side(1, Set.of(WEB, DB))))
                .containsExactly("VANISHED? a", "VANISHED? b", "VANISHED? c");
        assertThat(between(side(1, Set.of(WEB)), before)).contains("APPEARED? a", "APPEARED b");
    }

    /** At the level of a zone no single host answers for it. */
    @Test
    void whereHostsAreFoldedAwayAllMustHaveBeenWatched() {
        Joined.Side nobody = new Joined.Side(null, List.of(), List.of());
        Joined zone = new Joined(joined("z", 1).dependency(), nobody, nobody, false, false, List.of(), "z");
        assertThat(between(hour(zone), hour())).containsExactly("VANISHED z");
        assertThat(between(hour(zone), side(1, Set.of(DB)))).containsExactly("VANISHED? z");
    }

    @ParameterizedTest
    @CsvSource({"100,199,false", "100,200,true", "200,100,true", "0,9,false", "0,10,true", "1,4,false"})
    void twiceAsManyConnectionsAreAChangeAndAFewAreChance(long before, long after, boolean changed) {
        assertThat(between(hour(joined("a", before)), hour(joined("a", after))))
                .isEqualTo(changed ? List.of("CHANGED a") : List.of());
    }

    @Test
    void windowsOfDifferentLengthAreComparedByTheHour() {
        assertThat(between(side(24, Set.of(), joined("a", 2_400)), hour(joined("a", 100))))
                .isEmpty();
        assertThat(between(side(24, Set.of(), joined("a", 2_400)), hour(joined("a", 10))))
                .containsExactly("CHANGED a");
    }

    @Test
    void bytesAreComparedWhereBothAreKnown() {
        Joined little = joined("a", SeenFrom.CLIENT, 1, 0, 1L << 20);
        Joined much = joined("a", SeenFrom.CLIENT, 1, 0, 1L << 22);
        Joined unknown = joined("a", SeenFrom.CLIENT, 1, 0, null);
        assertThat(between(hour(little), hour(much))).containsExactly("CHANGED a");
        assertThat(between(hour(little), hour(unknown))).isEmpty();
    }

    /** What begins to fail, or ceases to, is worth a line however rarely it is asked. */
    @Test
    void beginningToFailIsAChange() {
        Joined fine = joined("a", SeenFrom.CLIENT, 5, 0, 0L);
        Joined failing = joined("a", SeenFrom.CLIENT, 5, 1, 0L);
        assertThat(between(hour(fine), hour(failing))).containsExactly("CHANGED a");
        assertThat(between(hour(failing), hour(failing))).isEmpty();
        assertThat(between(hour(failing), side(1, Set.of(WEB), fine))).containsExactly("CHANGED? a");
    }
}
