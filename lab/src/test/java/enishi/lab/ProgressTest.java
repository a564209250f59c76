package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills of a server that were cut go on where they stopped. */
class ProgressTest {
    private static final long SEED = 23;

    @TempDir
    private Path home = Path.of("");

    private ServerKills.Outcome kill(int kills) throws Exception {
        try (Requests requests = new Requests(home);
                ServerKills server = new ServerKills(home, requests, SEED)) {
            return server.run(kills);
        }
    }

    /** What was sent in the round that was cut is kept, but nobody knows it any more. */
    @Test
    void whatACutRunSentIsJudgedAndItsCutRoundIsNot() throws Exception {
        ServerKills.Outcome first = kill(1);
        Path file = ServerKills.progress(home);
        String rounds = Files.readString(file).lines().skip(1).collect(Collectors.joining("\n"));
        kill(2);
        String once = Files.readAllLines(file).getFirst() + "\n" + rounds + "\n";
        // one report is said to have opened five more in each of its three flows
        Matcher report = Pattern.compile(" (10003) (\\d+) (10) acknowledged").matcher(once);
        String more =
                report.replaceFirst(found -> " 10003 " + (Long.parseLong(found.group(2)) + 5) + " 10 acknowledged");
        Files.writeString(file, more + "sent poster-1 7 100");

        ServerKills.Outcome whole = kill(2);
        assertThat(whole.inTheEnd().reports()).isGreaterThan(first.inTheEnd().reports());
        assertThat(whole.inTheEnd().lost()).isEqualTo(15);
        assertThat(whole.inTheEnd().doubled()).isZero();
        assertThat(whole.startMillis()).hasSizeGreaterThan(first.startMillis().size());
        assertThat(Progress.of(file, SEED, 0).last().killed()).isEqualTo(2);
    }

    @Test
    void anotherSeedIsRefused() throws Exception {
        Path file = home.resolve("progress");
        Progress.of(file, SEED, Instant.now().getEpochSecond() / 60);
        assertThat(Progress.seed(file)).hasValue(SEED);
        assertThatThrownBy(() -> Progress.of(file, SEED + 1, 0)).hasMessageContaining("of a run with seed 23, not 24");
    }
}
