package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.CoverageVerdict.Verdict;
import enishi.model.Coverage;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.HostCoverage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private static final HostId WEB = new HostId(0, 1);

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
