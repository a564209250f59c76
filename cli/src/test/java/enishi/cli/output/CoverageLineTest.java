package enishi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Gap;
import enishi.answer.HostWatch;
import enishi.model.Rung;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageLineTest {
    private static final CoverageLine LINE = new CoverageLine(ZoneOffset.UTC);

    private static HostWatch watch(String host, long watched, List<Gap> gaps, int moreGaps, long lost) {
        return new HostWatch(
                host, "00", watched == 0 ? null : Rung.SOCK_DIAG, watched, gaps, moreGaps, 9, lost, 0, 0, 0, 0, null);
    }

    @Test
    void theWindowIsSaidInTheTimeOfTheTerminalWithItsOffset() {
        CoverageLine tokyo = new CoverageLine(ZoneId.of("Asia/Tokyo"));
        assertThat(tokyo.window(Samples.NOON.minusSeconds(3_600), Samples.NOON))
                .isEqualTo("window: 2026-11-20 20:00 – 2026-11-20 21:00 +09:00");
    }

    @Test
    void completeNamesHostsAndRungs() {
        CoverageVerdict verdict = new CoverageVerdict(
                Verdict.COMPLETE, List.of(watch("a", 3_600, List.of(), 0, 0), watch("b", 3_600, List.of(), 0, 0)));
        assertThat(LINE.coverage(verdict)).isEqualTo("complete (2 hosts, sock_diag)");
    }

    @Test
    void gapsNameTheWorstOfThreeHostsAndCountTheOthers() {
        Gap hour = new Gap(Samples.NOON.minusSeconds(3_600), Samples.NOON.minusSeconds(30));
        Gap overnight = new Gap(Samples.NOON.minusSeconds(86_400), Samples.NOON);
        CoverageVerdict verdict = new CoverageVerdict(
                Verdict.GAPS,
                List.of(
                        watch("a\u001Bb", 30, List.of(hour), 0, 0),
                        watch("b", 30, List.of(overnight), 4, 7),
                        watch("c", 0, List.of(), 0, 0),
                        watch("d", 0, List.of(), 0, 0),
                        watch("e", 3_600, List.of(), 0, 0)));
        assertThat(LINE.coverage(verdict))
                .isEqualTo(
                        "gaps (5 hosts, sock_diag): a\\x1bb 11-20 11:00:00 – 11:59:30 (59 min 30 s); b 11-19 12:00:00 – 11-20 12:00:00 (1 d) and 4 more, 7 lost; c not watched; 1 more host");
    }

    @Test
    void whatWasLostOrNeverToldIsCountedThoughEverySecondWasWatched() {
        HostWatch host = new HostWatch("a", "00", Rung.EBPF, 3_600, List.of(), 0, 9, 1, 2, 8, 8, 3, 0L);
        assertThat(LINE.coverage(new CoverageVerdict(Verdict.GAPS, List.of(host))))
                .isEqualTo("gaps (1 host, ebpf): a 1 lost, 2 dropped, 3 unaccounted");
    }

    @Test
    void notWatchedSaysThatAnAbsenceMeansNothing() {
        assertThat(LINE.coverage(new CoverageVerdict(Verdict.NOT_WATCHED, List.of())))
                .isEqualTo("not watched in this window; an absence means nothing");
    }
}
