package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.HostId;
import enishi.server.store.FlowFilter;
import enishi.server.store.Reports;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /api/v1/backup} of a server over DuckDB. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class BackupRouteTest {
    private static final String BACKUP = "/api/v1/backup";

    @TempDir
    Path home;

    private final AtomicLong free = new AtomicLong(1L << 40);
    private LocalServer server;

    @BeforeEach
    void start() throws Exception {
        DuckDbStore store = DuckDbStore.open(new DuckDbSettings(
                home.resolve("enishi.duckdb"),
                256,
                2,
                100_000,
                1_000,
                free::get,
                Duration.ofSeconds(30),
                2,
                1 << 20,
                1 << 20));
        store.append(List.of(Reports.report(1, 5, 1, Reports.flow(1, 1), Reports.observation(0, 3))));
        server = new LocalServer(home, store, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String[] scratch() {
        return Optional.ofNullable(home.resolve("scratch").toFile().list()).orElse(new String[0]);
    }

    @Test
    void aViewerIsSentAStoreThatAnswersAndNothingIsLeftOnTheServer() throws Exception {
        HttpResponse<byte[]> sent = server.post(BACKUP, server.viewer());
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.headers().firstValueAsLong("Content-Length")).hasValue(sent.body().length);
        assertThat(scratch()).isEmpty();
        Path file = Files.write(home.resolve("sent"), sent.body());
        assertThat(DuckDbStore.verify(DuckDbSettings.of(file), each -> {}).faults())
                .isEmpty();
        try (DuckDbStore copy = DuckDbStore.open(DuckDbSettings.of(file))) {
            assertThat(copy.flows(Reports.window(0, 9), FlowFilter.ALL)).hasSize(1);
        }
    }

    @Test
    void anAgentIsSentNone() throws Exception {
        HttpResponse<byte[]> refused = server.post(BACKUP, server.agent(new HostId(1, -1)));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(server.post(BACKUP, "enishi.viewer.00").statusCode()).isEqualTo(401);
    }

    @Test
    void aDiskWithoutRoomIsOneSentenceAndNothingIsLeft() throws Exception {
        free.set(10_000);
        HttpResponse<byte[]> refused = server.post(BACKUP, server.viewer());
        assertThat(refused.statusCode()).isEqualTo(507);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("10000 bytes are free", "make room");
        assertThat(scratch()).isEmpty();
    }

    @Test
    void whereToWriteIsNotTheAskersToSay() throws Exception {
        assertThat(server.post(BACKUP + "?file=/tmp/x", server.viewer()).statusCode())
                .isEqualTo(400);
        assertThat(server.get(BACKUP).statusCode()).isEqualTo(405);
    }
}
