package enishi.server;

import static enishi.server.store.Reports.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.Transport;
import enishi.server.graph.Networks;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Reports;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a question about the past finds. Hosts 1 and 2 of one site each had an address that they no longer tell. */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class QuestionsTest {
    /** An hour after what is asked about. */
    private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond((MINUTE + 60) * 60), ZoneOffset.UTC);

    private static final String AT = "&at=" + Instant.ofEpochSecond(MINUTE * 60);
    private static final Address SERVER = Address.parse("10.9.9.1");
    private static final Address CLIENT = Address.parse("10.9.9.3");

    @TempDir
    Path home;

    private final InMemoryStore store = new InMemoryStore();
    private LocalServer server;

    @BeforeEach
    void start() throws Exception {
        server = new LocalServer(home, store, NOW);
        keep(1, "postgres", Role.SERVER, SERVER, CLIENT);
        keep(3, "app", Role.CLIENT, CLIENT, SERVER);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void keep(int host, String program, Role role, Address local, Address remote) {
        Flow flow = new Flow(
                Reports.host(host).id(),
                0,
                new Program(program, program + ".service", null),
                role,
                local,
                remote,
                5432,
                Transport.TCP);
        long at = MINUTE * 60_000;
        List<ProcessId> processes = IntStream.rangeClosed(1, 16)
                .mapToObj(pid -> new ProcessId(pid, 1))
                .toList();
        store.append(List.of(Reports.report(
                host, 5, 1, flow, new Observation(MINUTE, 1, 0, 0, 1, null, 0, 0, at, at, Set.of(), processes, 4))));
    }

    /** An address that nobody watches, by what the operator calls its network. */
    @Test
    void aNetworkIsANode() throws Exception {
        keep(3, "mailer", Role.CLIENT, CLIENT, Address.parse("192.0.2.25"));
        Path another = Files.createDirectory(home.resolve("another"));
        try (LocalServer named =
                new LocalServer(another, store, NOW, Networks.of(Map.of("192.0.2.0/24", "mail")), true)) {
            HttpResponse<String> response = named.get("/api/v1/dependents?node=network:mail" + AT);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode items = LocalServer.json(response).get("items");
            assertThat(items.size()).isEqualTo(1);
            assertThat(items.get(0).get("client").get("program").asString()).isEqualTo("mailer");
            assertThat(items.get(0).get("server").get("network").asString()).isEqualTo("mail");
            assertThat(named.get("/api/v1/dependents?node=network:external" + AT)
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> unknown = named.get("/api/v1/dependents?node=network:mial" + AT);
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("no network is named 'mial'; the nearest known is 'mail'");
        }
    }

    /** Two minutes in which a program was asked and asked: each is a span. */
    @Test
    void aHopIsToldWithWhatSeemsToPassThroughIt() throws Exception {
        keep(1, "postgres", Role.CLIENT, SERVER, Address.parse("192.0.2.25"));
        String path = "/api/v1/hops?node=";
        HttpResponse<String> response = server.get(path + "host-1&since=" + Instant.ofEpochSecond((MINUTE - 5) * 60)
                + "&until=" + Instant.ofEpochSecond((MINUTE + 5) * 60));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = LocalServer.json(response);
        assertThat(answer.get("items").size()).isEqualTo(1);
        JsonNode hop = answer.get("items").get(0);
        assertThat(hop.get("program").asString()).isEqualTo("postgres");
        JsonNode through = hop.get("inferred").get(0);
        assertThat(through.get("client").get("program").asString()).isEqualTo("app");
        assertThat(through.get("server").get("address").asString()).isEqualTo("192.0.2.25");
        assertThat(through.get("span_minutes").asInt()).isEqualTo(1);
        assertThat(through.get("together").asInt()).isEqualTo(1);
        assertThat(answer.get("notes").toString()).contains("inferred, not observed");
        JsonNode named = LocalServer.json(server.get(path + "service:postgres.service" + AT));
        assertThat(named.get("items").size()).isEqualTo(1);
        HttpResponse<String> port = server.get(path + "host-1/postgres:80");
        assertThat(port.statusCode()).isEqualTo(400);
        assertThat(port.body()).contains("HOST, HOST/PROGRAM, program:NAME or service:NAME");
        Path another = Files.createDirectory(home.resolve("another"));
        try (LocalServer off = new LocalServer(another, store, NOW, Networks.NONE, false)) {
            HttpResponse<String> refused = off.get(path + "host-1");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("'no-inference' is on");
        }
    }

    private JsonNode only(String question) throws Exception {
        HttpResponse<String> response = server.get("/api/v1/" + question + AT);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode items = LocalServer.json(response).get("items");
        assertThat(items.size()).as(response.body()).isEqualTo(1);
        return items.get(0);
    }

    private static void assertWhole(JsonNode dependency) {
        assertThat(dependency.get("client").get("host").asString()).isEqualTo("host-3");
        assertThat(dependency.get("client").get("program").asString()).isEqualTo("app");
        assertThat(dependency.get("client").get("service").asString()).isEqualTo("app.service");
        assertThat(dependency.get("server").get("host").asString()).isEqualTo("host-1");
        assertThat(dependency.get("server").get("service").asString()).isEqualTo("postgres.service");
        assertThat(dependency.get("seen_from").asString()).isEqualTo("both");
    }

    @Test
    void aHostIsFoundByAnAddressItNoLongerHas() throws Exception {
        assertWhole(only("dependents?node=host-1"));
        assertWhole(only("dependencies?node=host-3"));
    }

    @Test
    void anAddressOfThePastIsAnsweredFromBothEnds() throws Exception {
        assertWhole(only("dependents?node=10.9.9.1:5432"));
        assertWhole(only("dependencies?node=10.9.9.3"));
    }

    /** web -> app -> postgres, one of which lies on the other side of the host that is asked about. */
    @Test
    void soManyStepsAreGoneAsWereAskedFor() throws Exception {
        keep(3, "app", Role.SERVER, CLIENT, Address.parse("10.9.9.7"));
        keep(7, "web", Role.CLIENT, Address.parse("10.9.9.7"), CLIENT);
        only("dependencies?node=program:web");
        only("dependencies?node=program:web&depth=1");
        JsonNode far = LocalServer.json(server.get("/api/v1/dependencies?node=program:web&depth=2" + AT));
        assertThat(far.get("items")
                        .valueStream()
                        .map(each -> each.get("server").get("host").asString()))
                .containsExactlyInAnyOrder("host-3", "host-1");
        JsonNode back = LocalServer.json(server.get("/api/v1/dependents?node=host-1&depth=9&by=host" + AT));
        assertThat(back.get("items")
                        .valueStream()
                        .map(each -> each.get("client").get("host").asString()))
                .containsExactlyInAnyOrder("host-3", "host-7");
    }

    /** The table of what is tracked is read now and then: a connection may be over by the minute it is told in. */
    @Test
    void aTranslationToldInTheMinuteAfterExplainsAFlow() throws Exception {
        Address asked = Address.parse("10.9.9.8");
        keep(5, "web", Role.CLIENT, Address.parse("10.9.9.5"), asked);
        keep(1, "postgres", Role.SERVER, SERVER, Address.parse("10.9.9.5"));
        Translation translation = new Translation(
                Reports.host(7).id(),
                0,
                Transport.TCP,
                Address.parse("10.9.9.5"),
                asked,
                5432,
                SERVER,
                5432,
                Address.parse("10.9.9.5"));
        long next = (MINUTE + 1) * 60_000;
        store.append(
                List.of(Reports.translated(7, 5, 1, translation, new TranslationMinute(MINUTE + 1, 0, 1, next, next))));
        JsonNode one = only("dependencies?node=host-5");
        assertThat(one.get("server").get("host").asString()).isEqualTo("host-1");
        assertThat(one.get("via").get(0).asString()).isEqualTo("host-7");
        assertThat(one.get("asked").get("address").asString()).isEqualTo("10.9.9.8");
    }

    @Test
    void processesNotListedAreCountedOnBothEnds() throws Exception {
        JsonNode one = only("dependents?node=host-1");
        for (String end : List.of("client", "server")) {
            assertThat(one.get(end).get("pids").size()).isEqualTo(16);
            assertThat(one.get(end).get("more_processes").asInt()).isEqualTo(4);
        }
    }

    /** Of the hosts that the question concerns, and of no other. */
    @Test
    void connectionsThatNobodyToldAreCountedPerHostAndNoted() throws Exception {
        for (int host = 1; host <= 3; host++) {
            Coverage coverage = new Coverage(MINUTE, Rung.EBPF, Coverage.WHOLE_MINUTE, 9, 0, 0, 0, 0, host * 10L);
            store.append(List.of(Reports.coverage(host, 5, 2, coverage)));
        }
        assertUnaccounted("host-1", 10L);
        assertUnaccounted("program:postgres", 10L, 20L, 30L);
    }

    private void assertUnaccounted(String node, Long... ofHosts) throws Exception {
        JsonNode answer = LocalServer.json(server.get("/api/v1/dependents?node=" + node + AT));
        JsonNode coverage = answer.get("coverage");
        assertThat(coverage.get("verdict").asString()).isEqualTo("gaps");
        assertThat(coverage.get("hosts")
                        .valueStream()
                        .map(each -> each.get("unaccounted").asLong()))
                .containsExactly(ofHosts);
        long sum = Stream.of(ofHosts).mapToLong(Long::longValue).sum();
        assertThat(answer.get("notes").valueStream().map(JsonNode::asString))
                .contains("Of the TCP connections that the kernel counted, " + sum + " were told by nobody:"
                        + " they are missing from the counts, and their dependencies may be missing.");
    }

    @Test
    void outsideItsMinutesNothingIsThere() throws Exception {
        HttpResponse<String> later =
                server.get("/api/v1/dependents?node=host-1&at=" + Instant.ofEpochSecond((MINUTE + 1) * 60));
        assertThat(LocalServer.json(later).get("items").size()).isZero();
    }

    /** Both windows are told with their coverage; of what nobody watched an absence is not certain. */
    @Test
    void twoWindowsAreCompared() throws Exception {
        Instant minute = Instant.ofEpochSecond(MINUTE * 60);
        String windows =
                "from=" + minute.minusSeconds(3_600) + ".." + minute + "&to=" + minute + ".." + minute.plusSeconds(60);
        JsonNode answer = LocalServer.json(server.get("/api/v1/diff?by=process&" + windows));
        assertThat(answer.at("/before/coverage/verdict").asString()).isEqualTo("not_watched");
        assertThat(answer.at("/after/from").asString()).isEqualTo(minute.toString());
        assertThat(answer.path("items").size()).isOne();
        assertThat(answer.at("/items/0/kind").asString()).isEqualTo("appeared");
        assertThat(answer.at("/items/0/certain").asBoolean()).isFalse();
        assertThat(answer.at("/items/0/after/client/program").asString()).isEqualTo("app");
        assertThat(server.get("/api/v1/diff?from=1h..2h").statusCode()).isEqualTo(400);
        assertThat(server.get("/api/v1/diff").statusCode()).isEqualTo(400);
    }
}
