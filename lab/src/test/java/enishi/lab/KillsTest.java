package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Server and agent killed at any moment, 12 times each. {@code lab/kills} does it longer. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls kill() first
class KillsTest {
    private static final int KILLS = 12;
    private static final long SEED = 17;

    @TempDir
    static Path home;

    private Kills.Outcome outcome;

    @BeforeAll
    void kill() throws Exception {
        System.out.println("kills: seed " + SEED);
        outcome = Kills.run(home, new Kills.Plan(KILLS, SEED));
        System.out.println("kills: " + outcome);
    }

    private LoadTruth.Verdict agent() {
        return outcome.agent().orElseThrow();
    }

    @Test
    void everyAcknowledgedReportIsThereOnce() {
        assertThat(outcome.server().acknowledged())
                .isGreaterThan(outcome.server().inTheEnd().reports())
                .isGreaterThan(KILLS);
        assertThat(outcome.server().inTheEnd().lost()).isZero();
        assertThat(outcome.server().inTheEnd().doubled()).isZero();
    }

    @Test
    void afterEachStartNoReportIsThereInPartOrLostOrTwice() {
        assertThat(outcome.server().afterEachStart().torn()).isZero();
        assertThat(outcome.server().afterEachStart().lost()).isZero();
        assertThat(outcome.server().afterEachStart().doubled()).isZero();
    }

    @Test
    void everyConnectionOfAWatchedSecondIsKept() throws IOException {
        assertThat(agent().exact()).isPositive();
        assertThat(agent().odd())
                .as(Files.readString(home.resolve("parts.log")))
                .isEmpty();
        assertThat(agent().lost()).isZero();
    }

    @Test
    void whatIsMissingWasOpenedInAGap() {
        LoadTruth.Verdict agent = agent();
        assertThat(agent.inGaps()).as("12 kills leave some gap").isPositive();
        assertThat(agent.opened()).isEqualTo(agent.stored() + agent.inGaps());
    }

    @Test
    void noConnectionIsCountedTwice() {
        assertThat(agent().doubled()).isZero();
    }
}
