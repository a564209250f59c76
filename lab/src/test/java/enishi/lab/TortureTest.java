package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What other tests do not do to an installation. {@code lab/torture} does it all. */
@Tag("root")
class TortureTest {
    private static final Set<String> HERE = Set.of(
            "disk full", "clock an hour ahead, back", "clock an hour behind, back", "port scan", "hostile names");

    @Test
    void nothingIsLostInSilenceAndNothingCountedTwice() throws Exception {
        List<Torment> torments = Torments.all(1).stream()
                .filter(each -> HERE.contains(each.name()))
                .toList();
        assertThat(torments).hasSameSizeAs(HERE);
        List<Torture.Outcome> outcomes = Torture.run(torments, 23);
        assertThat(outcomes).as(Torture.text(outcomes)).allMatch(Torture.Outcome::isGood);
        assertThat(outcomes).allMatch(each -> each.load().opened() > 0);
        assertThat(outcomes.stream().mapToLong(each -> each.load().exact()).sum())
                .isPositive();
    }
}
