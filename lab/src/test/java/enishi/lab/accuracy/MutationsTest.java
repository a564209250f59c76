package enishi.lab.accuracy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The patches of {@code lab/mutations} fit the tree, and a fall is told. That the laboratory notices takes a while. */
class MutationsTest {
    private static final Path FOLDER = Enishi.ROOT.resolve("lab/src/test/resources/mutations");

    private static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereAreTenThatSayWhatTheyBreakAndWhatFalls() throws IOException {
        assertThat(patches()).hasSize(10);
        Set<String> known = new HashSet<>(Figures.OVERALL);
        Laboratory.someOfTheTruth().of(Truth.Line::isDependency).forEach(each -> known.add(each.tag()));
        for (Path each : patches()) {
            Mutation mutation = Mutation.of(each);
            assertThat(mutation.breaks()).isNotBlank();
            assertThat(known).as(mutation.name()).containsAll(mutation.falls());
            assertThat(mutation.falls()).as(mutation.name()).isNotEmpty();
        }
    }

    @Test
    @Tag("root") // for patch, which root's tests have installed
    void eachAppliesToTheTree() throws Exception {
        for (Path each : patches()) {
            Process patch = new ProcessBuilder(
                            "patch", "-p1", "--dry-run", "--force", "--fuzz=0", "--reject-file=-", "-i", "" + each)
                    .directory(Enishi.ROOT.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(patch.getInputStream().readAllBytes(), UTF_8);
            assertThat(patch.waitFor()).as(each + " no longer applies: " + said).isZero();
        }
    }

    @Test
    void whatFellIsWhatIsLessThanItWas() {
        Figures before = new Figures(Map.of("recall", 1.0, "role", 0.5, "idle", 1.0));
        assertThat(new Figures(Map.of("recall", 0.9, "role", 0.5)).fallenFrom(before))
                .containsExactly("recall");
    }

    @Test
    void aMutationIsNoticedWhenAllThatWasToFallDid() {
        Mutation mutation = new Mutation("x", "it", Method.ENISHI_EBPF, List.of("recall", "idle"));
        Figures before = new Figures(Map.of("recall", 1.0, "idle", 1.0));
        assertThat(MutationTable.isNoticed(mutation, before, new Figures(Map.of("recall", 0.9, "idle", 0.0))))
                .isTrue();
        assertThat(MutationTable.isNoticed(mutation, before, new Figures(Map.of("recall", 0.9, "idle", 1.0))))
                .isFalse();
    }
}
