package enishi.lab.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi;
import enishi.lab.RealProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lab/scale} in its shortest form: a small fleet, two minutes. */
@Tag("root") // not for what it does: it needs Python, which ./test installs as root
class ScaleTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int HOSTS = 20;
    private static final int DEPENDENCIES = 30;
    private static final int WIDTH = 110;
    private static final String FIGURE = " ([0-9,.]+) \\|";

    @Test
    void whatAFleetPostsIsTakenAndCanBeAskedFor(@TempDir Path folder) throws Exception {
        String command = Enishi.ROOT.resolve("lab/scale") + " --built --hosts " + HOSTS + " --dependencies "
                + DEPENDENCIES + " --minutes 2 --questions 20 --folder " + folder;
        String said;
        try (RealProgram scale = RealProgram.start(folder, List.of(command.split(" ", -1)))) {
            assertThat(scale.ended(PATIENCE_SECONDS)).as(scale.said()).isZero();
            said = scale.said();
        }
        for (String row : List.of("reports/s", "rows/s", "CPU of the server, µs a row")) {
            assertThat(figures(said, row, 3)).as(said).allMatch(each -> each > 0);
        }
        for (String row : List.of("one host", "the whole graph")) {
            assertThat(figures(said, row + ", while reports come", 4)).as(said).allMatch(each -> each > 0);
            assertThat(figures(said, row + ", afterwards", 4)).as(said).allMatch(each -> each > 0);
        }
        // both ends of each dependency, in each of two minutes
        assertThat(said).contains("after %,d rows,".formatted(2 * 2 * HOSTS * DEPENDENCIES));
        assertThat(said).contains("Reports not taken 0: refused 0, failed 0;").contains("too late 0.");
        assertThat(said.lines()).allMatch(line -> line.length() <= WIDTH);
    }

    private static List<Double> figures(String said, String row, int count) {
        MatchResult found = Pattern.compile(Pattern.quote("| " + row + " |") + FIGURE.repeat(count))
                .matcher(said)
                .results()
                .findAny()
                .orElseThrow(() -> new AssertionError("no row '" + row + "' in " + said));
        return IntStream.rangeClosed(1, count)
                .mapToObj(each -> Double.parseDouble(found.group(each).replace(",", "")))
                .toList();
    }
}
