package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed for the kernel to run is what the committed source says. */
@Tag("root")
class CommittedProgramsTest {
    private static final Path SOURCES = Path.of("src/main/bpf");
    private static final Path COMMITTED = Path.of("src/main/resources/enishi/agent/kernel");

    @Test
    void compilingTheSourcesGivesWhatIsCommitted(@TempDir Path fresh) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        SOURCES.resolve("regenerate").toAbsolutePath().toString(), fresh.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(names(fresh)).isNotEmpty().isEqualTo(names(COMMITTED));
        for (String name : names(fresh)) {
            assertThat(COMMITTED.resolve(name))
                    .as("run src/main/bpf/regenerate and commit what it makes")
                    .hasSameBinaryContentAs(fresh.resolve(name));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }
}
