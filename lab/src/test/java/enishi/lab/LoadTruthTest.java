package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The judge of {@link AgentKills} sees what it is there to see. */
class LoadTruthTest {
    private static final Load.Opened FIVE = new Load.Opened(20_000, 5, false);
    private final NavigableSet<Long> seconds =
            new TreeSet<>(LongStream.rangeClosed(110, 130).boxed().toList());
    private final LoadTruth truth = new LoadTruth(new Watched(seconds, List.of(new Watched.Run(108, 131))));

    @Test
    void oneMissingInAWatchedSecondIsLost() {
        truth.check(120, FIVE, 4);
        assertThat(truth.verdict().lost()).isEqualTo(1);
        assertThat(truth.verdict().odd()).hasSize(1);
    }

    @Test
    void oneTooManyIsCountedTwiceThoughAnotherSecondMissesOne() {
        truth.check(120, FIVE, 6);
        truth.check(140, FIVE, 4);
        assertThat(truth.verdict().stored()).isEqualTo(truth.verdict().opened());
        assertThat(truth.verdict().doubled()).isEqualTo(1);
        assertThat(truth.verdict().inGaps()).isEqualTo(1);
    }

    @Test
    void missingInTheFirstFourSecondsOfARunOrItsLastSixIsNotHeldAgainstIt() {
        truth.check(110, FIVE, 0);
        truth.check(113, FIVE, 0);
        truth.check(125, FIVE, 0);
        truth.check(130, FIVE, 0);
        assertThat(truth.verdict().inPart()).isEqualTo(20);
        truth.check(114, FIVE, 0);
        truth.check(124, FIVE, 0);
        assertThat(truth.verdict().lost()).isEqualTo(10);
    }
}
