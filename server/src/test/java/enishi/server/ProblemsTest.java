package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.server.store.InMemoryStore;
import enishi.server.store.Reports;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is not answered says why, in one sentence. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class ProblemsTest {
    @TempDir
    Path home;

    private LocalServer server;

    @BeforeEach
    void start() throws Exception {
        InMemoryStore store = new InMemoryStore();
        store.append(List.of(Reports.report(1, 5, 1, Reports.flow(1, 1), Reports.observation(0, 1))));
        server = new LocalServer(home, store, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = LocalServer.json(response);
        assertThat(LocalServer.names(problem)).isEqualTo(Set.of("title", "status", "detail"));
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asString()).isNotBlank().doesNotContain("\n", "Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/nonesuch, 404",
        "/nonesuch, 404",
        "/api/v1, 404",
        "/api/v1/hosts/more, 404",
        "/assets/..%2fopenapi.yaml, 404",
        "/api/v1/hosts?since=yesterday, 400",
        "/api/v1/hosts?limit=0, 400",
        "/api/v1/hosts?limit=99999999999, 400",
        "/api/v1/hosts?cursor=abc, 400",
        "/api/v1/hosts?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 400",
        "/api/v1/hosts?sinse=1h, 400",
        "/api/v1/dependencies, 400",
        "/api/v1/dependencies?node=, 400",
        "/api/v1/dependencies?node=nobody, 404",
        "/api/v1/dependencies?node=nobody%2f%2f, 404",
        "/api/v1/dependencies?node=1.2.3.4:99999, 404",
        "/api/v1/dependencies?node=host-1%2fp[99999999999], 404",
        "/api/v1/dependencies?node=program:p&by=galaxy, 400",
        "/api/v1/dependencies?node=program:p&attempts=maybe, 400",
        "/api/v1/dependencies?node=program:p&depth=0, 400",
        "/api/v1/dependencies?node=program:p&depth=17, 400",
        "/api/v1/dependents?node=program:p&depth=2&attempts=true, 400",
        "/api/v1/export?depth=2, 400",
        "/api/v1/listeners?unused=1, 400",
        "/api/v1/export?limit=5, 400"
    })
    void whatCannotBeAnsweredIsAProblem(String path, int status) throws Exception {
        assertProblem(server.get(path.replace("[", "%5B").replace("]", "%5D")), status);
    }

    @Test
    void aWrongMethodIsAProblem() throws Exception {
        assertProblem(server.send("DELETE", "/api/v1/hosts", Optional.of(server.viewer())), 405);
        assertProblem(server.send("POST", "/api/v1/reports", Optional.of(server.viewer())), 403);
    }

    @Test
    void withoutATokenEvenAnUnknownPathSaysNothingElse() throws Exception {
        assertProblem(server.send("GET", "/api/v1/nonesuch", Optional.empty()), 401);
        assertProblem(server.send("GET", "/api/v1/openapi.yaml", Optional.empty()), 401);
        assertProblem(server.send("GET", "/metrics", Optional.of("enishi.viewer.00")), 401);
    }

    @Test
    void anAgentMayNotReadWhatIsNotItsOwn() throws Exception {
        var own = Reports.host(1).id();
        assertProblem(server.getAs(own, "/api/v1/export"), 403);
        assertProblem(server.getAs(own, "/metrics"), 403);
        assertProblem(server.getAs(own, "/api/v1/dependencies?node=program:p"), 403);
        assertProblem(server.getAs(own, "/api/v1/dependencies?node=self&depth=2"), 403);
        assertThat(server.getAs(own, "/api/v1/dependencies?node=self").statusCode())
                .isEqualTo(200);
    }
}
