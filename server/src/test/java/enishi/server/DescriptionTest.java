package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.Change;
import enishi.answer.Comparison;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Gap;
import enishi.answer.Hop;
import enishi.answer.HostItem;
import enishi.answer.HostWatch;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import enishi.server.api.Problem;
import enishi.server.api.Questions;
import enishi.server.graph.Networks;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Reports;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code openapi.yaml} against what the server does. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class DescriptionTest {
    private static final Map<String, Class<?>> SCHEMAS = Map.ofEntries(
            Map.entry("Answer", Answer.class),
            Map.entry("Trailer", Questions.Trailer.class),
            Map.entry("Comparison", Comparison.class),
            Map.entry("Told", Comparison.Told.class),
            Map.entry("Change", Change.class),
            Map.entry("Problem", Problem.class),
            Map.entry("CoverageVerdict", CoverageVerdict.class),
            Map.entry("HostWatch", HostWatch.class),
            Map.entry("Gap", Gap.class),
            Map.entry("HostItem", HostItem.class),
            Map.entry("ServiceItem", ServiceItem.class),
            Map.entry("ListenerItem", ListenerItem.class),
            Map.entry("Hop", Hop.class),
            Map.entry("PassThrough", Hop.PassThrough.class),
            Map.entry("Dependency", Dependency.class),
            Map.entry("ClientEnd", Dependency.ClientEnd.class),
            Map.entry("Asked", Dependency.Asked.class),
            Map.entry("ServerEnd", Dependency.ServerEnd.class));

    @TempDir
    Path home;

    private LocalServer server;
    private Map<String, Object> description;

    @BeforeEach
    void start() throws Exception {
        InMemoryStore store = new InMemoryStore();
        store.append(List.of(Reports.report(1, 5, 1, Reports.flow(1, 1), Reports.observation(0, 1))));
        server = new LocalServer(home, store, Clock.systemUTC());
        HttpResponse<String> served = server.get("/api/v1/openapi.yaml");
        assertThat(served.statusCode()).isEqualTo(200);
        description = map(new Load(LoadSettings.builder().build()).loadFromString(served.body()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return (Map<String, Object>) yaml;
    }

    private Map<String, Object> at(String... path) {
        Map<String, Object> here = description;
        for (String each : path) {
            here = map(Objects.requireNonNull(here.get(each), each));
        }
        return here;
    }

    /** The parameters of an operation, by name, references followed. */
    private Map<String, Map<String, Object>> parameters(String path) {
        Map<String, Map<String, Object>> found = new HashMap<>();
        Object listed = at("paths", path, "get").getOrDefault("parameters", List.of());
        for (Object each : (List<?>) listed) {
            String reference = String.valueOf(map(Objects.requireNonNull(each)).get("$ref"));
            Map<String, Object> parameter =
                    at("components", "parameters", reference.substring(reference.lastIndexOf('/') + 1));
            found.put(String.valueOf(parameter.get("name")), parameter);
        }
        return found;
    }

    @Test
    void everyQuestionIsDescribedWithAllItsParametersAndNoOther() {
        Map<String, Set<String>> routes =
                new Questions(new InMemoryStore(), Networks.NONE, true, Clock.systemUTC()).parameters();
        Set<String> described = new TreeSet<>(at("paths").keySet());
        described.removeAll(Set.of("/reports", "/backup", "/openapi.yaml"));
        assertThat(described).isEqualTo(new TreeSet<>(routes.keySet()));
        routes.forEach(
                (path, known) -> assertThat(parameters(path).keySet()).as(path).isEqualTo(known));
        Set<String> used = routes.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertThat(at("components", "parameters").keySet()).isEqualTo(used);
    }

    @Test
    void everyDescribedParameterIsTakenAndAnotherRefused() throws Exception {
        for (String path : at("paths").keySet()) {
            if (!at("paths", path).containsKey("get")) {
                continue;
            }
            Map<String, Map<String, Object>> parameters = parameters(path);
            String name = parameters.containsKey("node") ? "node" : "from";
            String value = name.equals("node") ? "program:nginx" : "2h";
            String required = parameters.containsKey(name) ? name + "=" + value + "&" : "";
            for (Map.Entry<String, Map<String, Object>> each : parameters.entrySet()) {
                Object example = each.getValue().get("example");
                if (example != null) {
                    String question = "/api/v1" + path + "?" + (each.getKey().equals(name) ? "" : required)
                            + each.getKey() + "=" + example;
                    assertThat(server.get(question).statusCode()).as(question).isEqualTo(200);
                }
            }
            HttpResponse<String> other = server.get("/api/v1" + path + "?" + required + "nonesuch=1");
            assertThat(other.statusCode()).as(path).isEqualTo(path.equals("/openapi.yaml") ? 200 : 400);
        }
    }

    @Test
    void everyOtherWayOfAskingIsRefused() throws Exception {
        for (String path : at("paths").keySet()) {
            for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
                if (!at("paths", path).containsKey(method.toLowerCase(Locale.ROOT))) {
                    HttpResponse<String> answer = server.send(method, "/api/v1" + path, Optional.of(server.viewer()));
                    assertThat(answer.statusCode()).as(method + " " + path).isBetween(404, 405);
                }
            }
        }
    }

    @Test
    void everyFieldOfAnAnswerIsDescribedAndNoOther() {
        assertThat(at("components", "schemas").keySet()).isEqualTo(SCHEMAS.keySet());
        SCHEMAS.forEach((name, record) -> {
            Set<String> fields = Stream.of(record.getRecordComponents())
                    .map(RecordComponent::getName)
                    .map(field -> field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            assertThat(at("components", "schemas", name, "properties").keySet())
                    .as(name)
                    .isEqualTo(fields);
        });
    }
}
