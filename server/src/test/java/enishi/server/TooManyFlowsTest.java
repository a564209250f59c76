package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.Reports;
import enishi.server.store.TooManyFlowsException;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What memory could not hold is refused in a sentence, and the server answers on. */
class TooManyFlowsTest {
    private static final long MOST = 2;
    private static final Instant NOW = Instant.ofEpochSecond((Reports.MINUTE + 1) * 60);
    private static final Window WINDOW = new Window(NOW.minusSeconds(120), NOW);

    @TempDir
    private Path home;

    /** Two hosts, one with one flow, one with two. */
    private DuckDbStore store(long recentBytesMax) {
        DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(home.resolve("enishi.duckdb"))
                .withMemory(128)
                .withRecent(recentBytesMax)
                .withFlows(MOST));
        store.append(List.of(
                Reports.report(1, 5, 1, Reports.flow(1, 1), Reports.observation(0, 1)),
                Reports.report(2, 5, 1, Reports.flow(2, 1), Reports.observation(0, 1)),
                Reports.report(2, 5, 2, Reports.flow(2, 2), Reports.observation(0, 1))));
        return store;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void fromTablesAndFromMemory(long recentBytesMax) {
        try (DuckDbStore store = store(recentBytesMax)) {
            assertThatThrownBy(() -> store.flows(WINDOW, FlowFilter.ALL))
                    .isInstanceOf(TooManyFlowsException.class)
                    .hasMessage("this question concerns more than the 2 flows that the server's memory holds at a time;"
                            + " ask about a node or a shorter window, or give the server a larger heap");
            FlowFilter one = new FlowFilter(Set.of(Reports.host(2).id()), Set.of());
            assertThat(store.flows(WINDOW, one)).hasSize(2);
        }
    }

    @Test
    void aUserIsToldAndMetricsSayThatTheyAreIncomplete() throws Exception {
        try (DuckDbStore store = store(1 << 20);
                LocalServer server = new LocalServer(home, store, Clock.fixed(NOW, ZoneOffset.UTC))) {
            HttpResponse<String> refused = server.get("/api/v1/export");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("this question concerns more than the 2 flows");
            assertThat(server.get("/api/v1/dependencies?node=host-2").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> metrics = server.get("/metrics");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body()).contains("enishi_dependency_left_out NaN");
        }
    }
}
