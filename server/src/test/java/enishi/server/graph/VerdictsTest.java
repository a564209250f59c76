package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.HostCoverage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VerdictsTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final Instant FROM = Instant.parse("2026-11-20T03:00:00Z");
    private static final Instant LATER = FROM.plus(Duration.ofDays(1));

    @Test
    void coverageNamesItsGapsToTheSecond() {
        Instant from = FROM;
        Window window = new Window(from, from.plusSeconds(120));
        long minute = from.getEpochSecond() / 60;
        HostCoverage whole = covered(minute, Coverage.WHOLE_MINUTE);
        HostCoverage half = covered(minute + 1, (1L << 30) - 1);
        Map<HostId, String> web = Map.of(WEB, "web1");
        assertThat(Verdicts.of(window, LATER, List.of(whole, covered(minute + 1, Coverage.WHOLE_MINUTE)), web)
                        .verdict())
                .isEqualTo(Verdict.COMPLETE);
        assertThat(Verdicts.of(window, LATER, List.of(), web).verdict()).isEqualTo(Verdict.NOT_WATCHED);
        var gaps = Verdicts.of(window, LATER, List.of(whole, half), web)
                .hosts()
                .getFirst()
                .gaps();
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst().from()).isEqualTo(from.plusSeconds(90));
        assertThat(gaps.getFirst().to()).isEqualTo(from.plusSeconds(120));
    }

    @Test
    void aConnectionThatNobodyToldIsAGapThoughEverySecondWasWatched() {
        long minute = FROM.getEpochSecond() / 60;
        List<HostCoverage> runs = List.of(missing(minute, 2), covered(minute + 1, 0), missing(minute + 2, 3));
        CoverageVerdict both = Verdicts.of(new Window(FROM, FROM.plusSeconds(180)), LATER, runs, Map.of(WEB, "web1"));
        assertThat(both.hosts().getFirst().unaccounted()).isEqualTo(5);
        CoverageVerdict whole = Verdicts.of(
                new Window(FROM, FROM.plusSeconds(60)), LATER, List.of(missing(minute, 2)), Map.of(WEB, "web1"));
        assertThat(whole.hosts().getFirst().gaps()).isEmpty();
        assertThat(whole.verdict()).isEqualTo(Verdict.GAPS);
    }

    private static HostCoverage missing(long minute, long unaccounted) {
        return new HostCoverage(
                WEB, 1, new Coverage(minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 0, 0, 0, 0, 0, unaccounted), 0L);
    }

    private static HostWatch watch(Window window, Instant now, HostCoverage... runs) {
        return Verdicts.of(window, now, List.of(runs), Map.of(WEB, "web1"))
                .hosts()
                .getFirst();
    }

    @Test
    void aWindowThatCutsMinutesCountsItsOwnSecondsOnly() {
        long minute = FROM.getEpochSecond() / 60;
        HostCoverage oddSeconds = covered(minute, 0xAAAAAAAAAAAAAAAL);
        HostWatch watch = watch(new Window(FROM.plusSeconds(10), FROM.plusSeconds(15)), LATER, oddSeconds);
        assertThat(watch.watchedSeconds()).isEqualTo(2);
        assertThat(watch.gaps())
                .extracting(Gap::from)
                .containsExactly(FROM.plusSeconds(10), FROM.plusSeconds(12), FROM.plusSeconds(14));
        HostWatch whole = watch(new Window(FROM, FROM.plusSeconds(60)), LATER, oddSeconds);
        assertThat(whole.watchedSeconds()).isEqualTo(30);
        assertThat(whole.gaps()).hasSize(10);
        assertThat(whole.moreGaps()).isEqualTo(20);
    }

    @Test
    void theLongestGapsAreNamedAndTheRestIsCounted() {
        long minute = FROM.getEpochSecond() / 60;
        List<HostCoverage> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            runs.add(covered(minute + i * 10L + i % 3, Coverage.WHOLE_MINUTE));
        }
        Collections.shuffle(runs, new Random(7));
        HostWatch watch = watch(new Window(FROM, FROM.plusSeconds(12_000)), LATER, runs.toArray(HostCoverage[]::new));
        assertThat(watch.watchedSeconds()).isEqualTo(1200);
        assertThat(watch.gaps().getFirst()).isEqualTo(new Gap(FROM.plusSeconds(60), FROM.plusSeconds(660)));
        assertThat(watch.gaps())
                .hasSize(10)
                .isSortedAccordingTo(Comparator.comparing((Gap gap) -> Duration.between(gap.from(), gap.to()))
                        .reversed());
        assertThat(watch.moreGaps()).isEqualTo(10);
    }

    @Test
    void whatMayStillArriveIsNoGapYet() {
        HostCoverage whole = covered(FROM.getEpochSecond() / 60, (1L << 40) - 1);
        Instant now = FROM.plusSeconds(60);
        assertThat(watch(new Window(FROM, now), now, whole).gaps()).isEmpty();
        assertThat(watch(new Window(FROM, now), now.plusSeconds(11), whole).gaps())
                .containsExactly(new Gap(FROM.plusSeconds(40), FROM.plusSeconds(41)));
    }

    /** One step a second would be more than 300 thousand million steps here. */
    @Test
    @Timeout(60)
    void tenYearsOfAThousandHostsCostNoMoreThanWhatWasWatched() {
        Window years = new Window(FROM.minus(Duration.ofDays(3652)), FROM);
        long seconds = Duration.ofDays(3652).toSeconds();
        Map<HostId, String> hosts = new HashMap<>();
        List<HostCoverage> runs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            HostId host = new HostId(1, i);
            hosts.put(host, "host-" + i);
            long first = years.firstMinute() + i;
            long minutes = seconds / 60 - 2L * i;
            runs.add(new HostCoverage(
                    host, minutes, new Coverage(first, Rung.EBPF, Coverage.WHOLE_MINUTE, 0, 0, 0, 0, 0, 0), 0L));
        }
        List<HostWatch> watches = Verdicts.of(years, LATER, runs, hosts).hosts();
        assertThat(watches.stream().mapToLong(HostWatch::watchedSeconds).sum())
                .isEqualTo(1000 * seconds - 120L * 1000 * 999 / 2);
        assertThat(watches.stream().mapToLong(each -> each.gaps().size()).sum()).isEqualTo(999 * 2);
    }

    private static HostCoverage covered(long minute, long seconds) {
        return new HostCoverage(WEB, 1, new Coverage(minute, Rung.SOCK_DIAG, seconds, 0, 0, 0, 0, 0, 0), 0L);
    }

    @Test
    void theClockOffsetIsTheGreatestThatIsKnown() {
        long minute = FROM.getEpochSecond() / 60;
        Window window = new Window(FROM, FROM.plusSeconds(180));
        HostCoverage unknown = new HostCoverage(WEB, 1, covered(minute, 1).coverage(), null);
        HostCoverage behind = new HostCoverage(WEB, 1, covered(minute + 1, 1).coverage(), -9L);
        HostCoverage late = new HostCoverage(WEB, 1, covered(minute + 2, 1).coverage(), -900L);
        Map<HostId, String> web = Map.of(WEB, "web1");
        assertThat(Verdicts.of(window, LATER, List.of(unknown, behind, late), web)
                        .hosts())
                .extracting(HostWatch::clockOffsetMillis)
                .containsExactly(-9L);
        assertThat(Verdicts.of(window, LATER, List.of(unknown), web)
                        .hosts()
                        .getFirst()
                        .clockOffsetMillis())
                .isNull();
    }
}
