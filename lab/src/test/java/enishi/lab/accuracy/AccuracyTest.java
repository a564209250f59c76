package enishi.lab.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.OpenFolder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code lab/accuracy} on some of its hosts, in one short window within which the server and every agent are killed. */
@Tag("root")
class AccuracyTest {
    private static final int SECONDS = 14;

    /** Of 28; a line may be exercised while an agent is away, and only then. */
    private static final int UNWATCHED_MAX = 4;

    @Test
    void rungEbpfTellsAllThatIsTrueAndNothingElse() throws Exception {
        Truth truth = Laboratory.someOfTheTruth();
        try (OpenFolder folder = OpenFolder.create();
                Laboratory laboratory = new Laboratory(truth, folder, List.of(Method.ENISHI_EBPF))) {
            Window.Outcome outcome = Window.run(laboratory, SECONDS, 0, 1);
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome.kills()).hasSize(truth.hosts().size());
            assertThat(outcome.untold()).isEmpty();
            assertThat(outcome.unwatched().get(Method.ENISHI_EBPF)).hasSizeLessThanOrEqualTo(UNWATCHED_MAX);
            Score score = outcome.score(Method.ENISHI_EBPF, truth);
            assertThat(AccuracyRun.meetsBars(score))
                    .as(score + "; " + outcome.evidence())
                    .isTrue();
            // the laboratory can tell a good method from one that misses what is short
            assertThat(outcome.score(Method.SS_10, truth).missed()).isNotEmpty();
        }
    }
}
