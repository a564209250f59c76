package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import enishi.model.Rung;
import enishi.model.Transport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge of {@link ServerKills} sees what it is there to see. */
class PosterTruthTest {
    private static final Poster.Sent SENT = new Poster.Sent(new byte[0], 1, 100, 7, 10);
    private final PosterTruth truth = new PosterTruth();
    private final List<Dependency> kept = new ArrayList<>();

    private static Dependency kept(int port, long connections) {
        return new Dependency(
                new Dependency.ClientEnd(null, null, "poster", null, List.of(), 0, null, null, "10.0.0.1", null),
                new Dependency.ServerEnd(null, null, null, null, List.of(), 0, null, null, "10.0.0.2", port, null),
                Transport.TCP,
                Instant.EPOCH,
                Instant.EPOCH,
                connections,
                0,
                0,
                null,
                null,
                null,
                null,
                Dependency.SeenFrom.CLIENT,
                Set.of(),
                List.of());
    }

    private PosterTruth.Verdict verdict(boolean acknowledged, long seen) {
        SENT.acknowledged = acknowledged;
        HostWatch watch = new HostWatch("poster", "1", Rung.PROC, 60, List.of(), 0, seen, 0, 0, 0, 0, 0, 0L);
        CoverageVerdict coverage = new CoverageVerdict(CoverageVerdict.Verdict.COMPLETE, List.of(watch));
        truth.check("poster", List.of(SENT), new Requests.Export(kept, coverage));
        return truth.verdict();
    }

    private void keepAll() {
        kept.addAll(List.of(kept(100, 7), kept(101, 7), kept(102, 7), kept(Poster.GROWING_PORT, 10)));
    }

    @Test
    void aReportKeptWholeIsGoodWhetherAcknowledgedOrNot() {
        keepAll();
        assertThat(verdict(true, 10)).isEqualTo(new PosterTruth.Verdict(1, 0, 0, 0));
        assertThat(verdict(false, 10)).isEqualTo(new PosterTruth.Verdict(2, 0, 0, 0));
    }

    @Test
    void anAcknowledgedReportThatIsNotThereIsLost() {
        assertThat(verdict(true, 0)).isEqualTo(new PosterTruth.Verdict(1, 21, 0, 0));
    }

    @Test
    void aReportThatIsThereInPartIsTorn() {
        keepAll();
        kept.removeFirst();
        assertThat(verdict(false, 10).torn()).isEqualTo(1);
    }

    @Test
    void whatIsKeptTwiceOrOfNoReportIsDoubled() {
        keepAll();
        kept.add(kept(101, 7));
        kept.add(kept(500, 3));
        assertThat(verdict(true, 20)).isEqualTo(new PosterTruth.Verdict(1, 0, 20, 0));
    }

    @Test
    void coverageThatIsMissingIsLostToo() {
        keepAll();
        assertThat(verdict(true, 0).lost()).isEqualTo(10);
    }
}
