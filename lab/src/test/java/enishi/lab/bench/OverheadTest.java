package enishi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi;
import enishi.lab.RealProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lab/overhead} in its shortest form: one round of connections, under every method. */
@Tag("root")
class OverheadTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int WIDTH = 110;

    @Test
    void everyMethodIsMeasuredAndRungEbpfToldEachConnection(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        String command = Enishi.ROOT.resolve("lab/overhead") + " --built --rounds 1 --seconds 0.2 --settle 0.2"
                + " --loads connect --out " + out;
        String table;
        try (RealProgram overhead = RealProgram.start(folder, List.of(command.split(" ", -1)))) {
            assertThat(overhead.ended(PATIENCE_SECONDS)).as(overhead.said()).isZero();
            table = overhead.said();
        }
        List<JsonNode> measured = Files.readAllLines(out).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(measured.stream().map(OverheadTest::method))
                .containsExactlyInAnyOrder("none", "none again", "ebpf", "sock_diag", "ss");
        assertThat(measured).allMatch(OverheadTest::isSane);
        JsonNode ebpf = under("ebpf", measured);
        assertThat(ebpf.get("told").toString()).isEqualTo("{\"opened\":1.0,\"named\":1.0}");
        // the laboratory can tell a rung that names who connected from one that comes too late for it
        assertThat(under("sock_diag", measured).at("/told/named").asDouble()).isLessThan(0.9);
        JsonNode release = ebpf.at("/programs/enishi_release");
        assertThat(release.get(0).asDouble()).as("nanoseconds").isPositive();
        assertThat(release.get(1).asDouble()).as("runs, one at each end").isBetween(1.99, 2.1);
        assertThat(table.lines()).allMatch(line -> line.length() <= WIDTH);
        assertThat(table.lines().filter(line -> line.matches("\\| (none again|ebpf|sock_diag|ss) \\|.*")))
                .hasSize(4);
    }

    private static String method(JsonNode measured) {
        return measured.get("method").asString();
    }

    private static JsonNode under(String method, List<JsonNode> measured) {
        return measured.stream()
                .filter(each -> method(each).equals(method))
                .findAny()
                .orElseThrow();
    }

    private static boolean isSane(JsonNode each) {
        double p50 = each.get("p50_micros").asDouble();
        boolean isAgent = method(each).matches("ebpf|sock_diag");
        return each.get("operations").asInt() > 0
                && each.get("cpu_micros").asDouble() > 0
                && each.get("per_second").asDouble() > 0
                && p50 > 0
                && each.get("p99_micros").asDouble() >= p50
                && isAgent == each.get("watcher_rss_mib").asDouble(0) > 1;
    }
}
