package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The judge of {@link AgentKills} sees what it is there to see. */
class LoadTruthTest {
    private static final Load.Opened FIVE = new Load.Opened(20_000, 5, false);
    private final NavigableSet<Long> seconds =
            new TreeSet<>(LongStream.rangeClosed(110, 130).boxed().toList());
    private final LoadTruth truth = new LoadTruth(seconds);

    @Test
    void oneMissingInAWatchedSecondIsLost() {
        truth.check(120, FIVE, 4, () -> "");
        assertThat(truth.verdict().lost()).isEqualTo(1);
        assertThat(truth.verdict().odd()).hasSize(1);
    }

    @Test
    void oneTooManyIsCountedTwiceThoughAnotherSecondMissesOne() {
        truth.check(120, FIVE, 6, () -> "");
        truth.check(140, FIVE, 4, () -> "");
        assertThat(truth.verdict().stored()).isEqualTo(truth.verdict().opened());
        assertThat(truth.verdict().doubled()).isEqualTo(1);
        assertThat(truth.verdict().inGaps()).isEqualTo(1);
    }

    @Test
    void missingInASecondNobodyWatchedIsAGap() {
        truth.check(109, FIVE, 0, () -> "");
        truth.check(131, FIVE, 2, () -> "");
        assertThat(truth.verdict().inGaps()).isEqualTo(8);
        assertThat(truth.verdict().lost()).isZero();
    }

    /** Established when the second was over, so the next one speaks for it too. */
    @Test
    void aLateConnectionAtTheEndOfWhatWasWatchedIsInAGap() {
        truth.check(130, new Load.Opened(20_000, 5, true), 4, () -> "");
        truth.check(129, new Load.Opened(20_000, 5, true), 4, () -> "");
        assertThat(truth.verdict().inGaps()).isEqualTo(1);
        assertThat(truth.verdict().lost()).isEqualTo(1);
    }
}
