package enishi.server;

import static enishi.server.store.Reports.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Transport;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Reports;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Long lists, page by page and as an export. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class PagesTest {
    private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond((MINUTE + 1) * 60), ZoneOffset.UTC);
    private static final String OF_HOST = "/api/v1/dependencies?node=host-1&limit=3";

    @TempDir
    Path home;

    private final InMemoryStore store = new InMemoryStore();
    private LocalServer server;
    private long sequence;

    @BeforeEach
    void start() throws Exception {
        server = new LocalServer(home, store, NOW);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void depends(String program, long namespace) {
        Flow flow = new Flow(
                Reports.host(1).id(),
                namespace,
                new Program(program, program, null),
                Role.CLIENT,
                Address.ofV4(0x0a000001),
                Address.parse("192.0.2.1"),
                443,
                Transport.TCP);
        store.append(List.of(Reports.report(1, 5, ++sequence, flow, Reports.observation(0, 1))));
    }

    private JsonNode page(String path) throws Exception {
        HttpResponse<String> response = server.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return LocalServer.json(response);
    }

    private static List<String> programs(JsonNode page) {
        List<String> programs = new ArrayList<>();
        page.get("items")
                .forEach(each -> programs.add(each.get("client").get("program").asString()));
        return programs;
    }

    @Test
    void everyItemIsOnOnePageThoughOthersAppearMeanwhile() throws Exception {
        for (String each : List.of("b", "d", "f", "h", "j", "l", "n")) {
            depends(each, 0);
        }
        List<String> seen = new ArrayList<>();
        JsonNode page = page(OF_HOST);
        Instant from = Instant.parse(page.get("from").asString());
        int pages = 1;
        for (; !page.get("next").isNull(); pages++) {
            seen.addAll(programs(page));
            assertThat(page.get("next").asString()).hasSize(43);
            depends("a" + pages, 0);
            depends("c" + pages, 0);
            page = page(OF_HOST + "&cursor=" + page.get("next").asString());
            assertThat(Instant.parse(page.get("from").asString())).isEqualTo(from);
        }
        seen.addAll(programs(page));
        assertThat(pages).isEqualTo(3);
        assertThat(seen).containsExactly("b", "d", "f", "h", "j", "l", "n");
    }

    /** Flows that differ only in what answers do not show. */
    @Test
    void itemsThatLookAlikeAreEachOnOnePage() throws Exception {
        for (int namespace = 1; namespace <= 8; namespace++) {
            depends("twin", namespace);
        }
        int count = 0;
        JsonNode page = page(OF_HOST);
        while (!page.get("next").isNull()) {
            count += page.get("items").size();
            page = page(OF_HOST + "&cursor=" + page.get("next").asString());
        }
        assertThat(count + page.get("items").size()).isEqualTo(8);
    }

    @Test
    void aCursorOfAnotherQuestionIsRefused() throws Exception {
        for (String each : List.of("a", "b", "c", "d")) {
            depends(each, 0);
        }
        String next = page(OF_HOST).get("next").asString();
        assertThat(server.get("/api/v1/hosts?cursor=" + next).statusCode()).isEqualTo(400);
    }

    @Test
    void anExportEndsWithItsWindowAndCoverage() throws Exception {
        depends("a", 0);
        depends("b", 0);
        List<String> lines = server.get("/api/v1/export?at=" + Instant.ofEpochSecond(MINUTE * 60))
                .body()
                .lines()
                .toList();
        assertThat(lines).hasSize(3);
        JsonNode trailer = new JsonMapper().readTree(lines.getLast());
        assertThat(Instant.parse(trailer.get("from").asString())).isEqualTo(Instant.ofEpochSecond(MINUTE * 60));
        assertThat(trailer.get("coverage").get("verdict").asString()).isEqualTo("not_watched");
    }
}
