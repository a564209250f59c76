package enishi.lab.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.accuracy.Score.Share;
import enishi.lab.accuracy.Seen.Level;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is wrong in what is told lowers the score that it should, and no other. */
class ScoreTest {
    private static final Truth TRUTH = Truth.of("""
            web      web1 nginx  app1 appd tcp 8000  plain real
            database app1 appd   db1 postgres tcp 5432  real postgres 0
            unix     app1 local  app1 locald unix 0 plain ask 100
            !scan    web1 scanner db1 nobody tcp 20000 none scan 100
            """);
    private static final Seen WEB = new Seen("web1", "nginx", "app1", "appd", "tcp", 8000);
    private static final Seen DATABASE = new Seen("app1", "appd", "db1", "postgres", "tcp", 5432);

    private static Score score(Seen... told) {
        return Score.of(Set.of(told), TRUTH, Set.copyOf(TRUTH.lines()));
    }

    private static Share share(Score score, Level level) {
        return score.levels().getOrDefault(level, new Share(0, 0, 0));
    }

    @Test
    void allThatIsTrueAndNothingElseIsPerfect() {
        Score score = score(WEB, DATABASE);
        assertThat(AccuracyRun.meetsBars(score)).isTrue();
        assertThat(score.levels().values()).containsOnly(new Share(2, 2, 2));
    }

    @Test
    void oneTooManyLowersPrecision() {
        Score score = score(WEB, DATABASE, new Seen("web1", "nginx", "db1", "postgres", "tcp", 5432));
        assertThat(share(score, Level.SERVICE)).isEqualTo(new Share(3, 2, 2));
        assertThat(share(score, Level.SERVICE).recall()).isEqualTo(1);
        assertThat(score.role()).isEqualTo(1);
        assertThat(AccuracyRun.meetsBars(score)).isFalse();
    }

    @Test
    void oneMissedLowersRecall() {
        Score score = score(WEB);
        assertThat(share(score, Level.HOST).recall()).isEqualTo(0.5);
        assertThat(share(score, Level.HOST).precision()).isEqualTo(1);
        assertThat(score.missed()).hasSize(1);
        assertThat(AccuracyRun.meetsBars(score)).isFalse();
    }

    @Test
    void theWrongWayRoundLowersRole() {
        Score score = score(WEB, DATABASE, new Seen("db1", "postgres", "app1", "appd", "tcp", 40_000));
        assertThat(score.reversed()).isEqualTo(1);
        assertThat(score.ephemeral()).isEqualTo(1);
        assertThat(score.role()).isEqualTo(2.0 / 3);
    }

    @Test
    void aWrongNameIsMissedByProcessAlone() {
        Score score = score(WEB, new Seen("app1", "systemd", "db1", "postgres", "tcp", 5432));
        assertThat(share(score, Level.SERVICE)).isEqualTo(new Share(2, 2, 2));
        assertThat(share(score, Level.PROCESS)).isEqualTo(new Share(2, 2, 1));
        assertThat(score.bothNamed()).isEqualTo(0.5);
        assertThat(AccuracyRun.meetsBars(score)).isFalse();
    }

    @Test
    void anUnknownNameSaysNothingWrong() {
        Score score = score(WEB, new Seen("app1", Seen.UNKNOWN, "db1", "postgres", "tcp", 5432));
        assertThat(share(score, Level.PROCESS)).isEqualTo(new Share(1, 2, 1));
        assertThat(score.bothNamed()).isEqualTo(0.5);
    }

    @Test
    void aScanThatIsToldIsCounted() {
        Score score = score(WEB, DATABASE, new Seen("web1", "?", "db1", "?", "tcp", 20_001));
        assertThat(score.negatives()).isEqualTo(1);
        assertThat(AccuracyRun.meetsBars(score)).isFalse();
    }

    @Test
    void whatWasNotExercisedIsNeitherRightNorWrong() {
        Set<Truth.Line> exercised = TRUTH.lines().stream()
                .filter(each -> !each.tag().equals("database"))
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(share(Score.of(Set.of(WEB, DATABASE), TRUTH, exercised), Level.SERVICE))
                .isEqualTo(new Share(1, 1, 1));
        assertThat(share(Score.of(Set.of(WEB), TRUTH, exercised), Level.SERVICE))
                .isEqualTo(new Share(1, 1, 1));
    }

    @Test
    void unixIsCountedApart() {
        Seen local = new Seen("app1", "local", "app1", "locald", "unix", 0);
        assertThat(score(WEB, DATABASE, local).unix()).isEqualTo(new Share(1, 1, 1));
        assertThat(score(WEB, DATABASE, local).levels())
                .isEqualTo(score(WEB, DATABASE).levels());
    }

    @Test
    void theWholeTruthIsWellFormed() throws IOException {
        Truth truth = Laboratory.wholeTruth();
        assertThat(truth.hosts()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(truth.lines()).extracting(Truth.Line::seen).doesNotHaveDuplicates();
        assertThat(truth.of(each -> !each.isDependency())).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void oneToldAgainOfNobodyIsNotAlone() {
        Score score = score(WEB, DATABASE, new Seen("web1", "?", "app1", "appd", "tcp", 8000));
        assertThat(score.named()).isEqualTo(2);
        assertThat(score.alone()).isEqualTo(1);
    }
}
