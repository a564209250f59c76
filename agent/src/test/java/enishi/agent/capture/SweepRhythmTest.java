package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Often while it is cheap, seldom where it is dear. */
class SweepRhythmTest {
    private final SweepRhythm rhythm = new SweepRhythm();

    @Test
    void theFirstIsDueAtOnceAndACheapOneEveryTwoSeconds() {
        assertThat(rhythm.isDue(1_000)).isTrue();
        rhythm.swept(1_000, 500_000);
        assertThat(rhythm.isDue(2_999)).isFalse();
        assertThat(rhythm.isDue(3_000)).isTrue();
    }

    @Test
    void aDearOneTakesHalfAPercentOfACoreAtMostAndIsDueEachMinuteAtLeast() {
        rhythm.swept(0, 50_000_000);
        assertThat(rhythm.everyMillis()).isEqualTo(10_000);
        rhythm.swept(0, 5_000_000_000L);
        assertThat(rhythm.everyMillis()).isEqualTo(60_000);
    }

    @Test
    void oneThatMayWaitLongerDoes() {
        SweepRhythm patient = new SweepRhythm(10_000, 3_600_000);
        patient.swept(0, 1);
        assertThat(patient.everyMillis()).isEqualTo(10_000);
        patient.swept(0, 5_000_000_000L);
        assertThat(patient.everyMillis()).isEqualTo(1_000_000);
    }

    @Test
    void aClockThatRanBackwardsMakesItDue() {
        rhythm.swept(100_000, 1);
        assertThat(rhythm.isDue(50_000)).isTrue();
    }
}
