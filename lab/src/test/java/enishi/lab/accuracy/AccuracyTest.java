package enishi.lab.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.OpenFolder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code lab/accuracy} on some of its hosts, in one short window. */
@Tag("root")
class AccuracyTest {
    private static final int SECONDS = 12;

    @Test
    void rungEbpfTellsAllThatIsTrueAndNothingElse() throws Exception {
        Truth truth = Laboratory.someOfTheTruth();
        try (OpenFolder folder = OpenFolder.create();
                Laboratory laboratory = new Laboratory(truth, folder, List.of(Method.ENISHI_EBPF))) {
            Window.Outcome outcome = Window.run(laboratory, SECONDS, 0, 0);
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome.unwatched().values()).containsOnly(Set.of());
            Score score = outcome.score(Method.ENISHI_EBPF, truth);
            assertThat(AccuracyRun.meetsBars(score)).as(score.toString()).isTrue();
            // the laboratory can tell a good method from one that misses what is short
            assertThat(outcome.score(Method.SS_10, truth).missed()).isNotEmpty();
        }
    }
}
