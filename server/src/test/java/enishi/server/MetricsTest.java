package enishi.server;

import static enishi.server.store.Reports.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.api.DependencyMetrics;
import enishi.server.graph.Networks;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Reports;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond((MINUTE + 1) * 60), ZoneOffset.UTC);
    private final InMemoryStore store = new InMemoryStore();
    private long sequence;

    /** Somebody without an agent asked a service of host 1. */
    private void asked(String client, String service, int port, long bytes) {
        Program program = new Program(service, service, null);
        Address own = Address.ofV4(0x0a000001);
        Flow flow = new Flow(
                Reports.host(1).id(), 0, program, Role.SERVER, own, Address.parse(client), port, Transport.TCP);
        long at = MINUTE * 60_000;
        store.append(List.of(Reports.report(
                1,
                5,
                ++sequence,
                flow,
                new Observation(
                        MINUTE, 2, 1, 3, 1, new Traffic(bytes, 2 * bytes), 0, 0, at, at, Set.of(), List.of(), 0))));
    }

    private String collected(int seriesMax) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new DependencyMetrics(store, Networks.NONE, NOW, seriesMax));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.builder().build().write(text, registry.scrape());
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Raw client addresses are no label, so both have the same labels; the exposition refuses two such series. */
    @Test
    void unknownClientsOfOneServiceAreOneSeriesWithTheirSum() throws Exception {
        asked("192.0.2.1", "nginx", 80, 100);
        asked("192.0.2.2", "nginx", 80, 11);
        String labels =
                "client_host=\"\",client_network=\"\",client_service=\"\",server_host=\"host-1\",server_network=\"\",server_port=\"80\","
                        + "server_service=\"nginx\",transport=\"tcp\"";
        assertThat(collected(10).lines())
                .contains("enishi_dependency_connections{" + labels + "} 4.0")
                .contains("enishi_dependency_failures{" + labels + "} 6.0")
                .contains("enishi_dependency_active_connections{" + labels + "} 2.0")
                .contains(
                        "enishi_dependency_bytes{client_host=\"\",client_network=\"\",client_service=\"\",sent_by=\"server\","
                                + "server_host=\"host-1\",server_network=\"\",server_port=\"80\",server_service=\"nginx\",transport=\"tcp\"} 222.0")
                .contains("enishi_dependency_left_out 0.0");
    }

    @Test
    void whatIsBeyondTheLimitIsCounted() throws Exception {
        for (int port = 1; port <= 7; port++) {
            asked("192.0.2.1", "s" + port, port, 1);
            asked("192.0.2.2", "s" + port, port, 1);
        }
        String text = collected(5);
        assertThat(text.lines().filter(line -> line.startsWith("enishi_dependency_connections{")))
                .hasSize(5)
                .allMatch(line -> line.endsWith(" 4.0"));
        assertThat(text.lines()).contains("enishi_dependency_left_out 4.0");
    }

    @Test
    void scrapedOverHttpEverySeriesIsThereOnceWhateverTheNames(@TempDir Path home) throws Exception {
        asked("192.0.2.1", "a\"b\\c\nd", 80, 100);
        asked("192.0.2.2", "a\"b\\c\nd", 80, 100);
        store.append(List.of(Reports.coverage(
                1,
                5,
                ++sequence,
                new Coverage(MINUTE, Rung.SOCK_DIAG, 7, 5, 6, 7, 8, 9, 10),
                new Coverage(MINUTE - 1, Rung.PROC, 7, 5, 6, 7, 8, 9, 10))));
        try (LocalServer server = new LocalServer(home, store, NOW)) {
            HttpResponse<String> scraped = server.get("/metrics");
            assertThat(scraped.statusCode()).isEqualTo(200);
            assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain");
            List<String> series = scraped.body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.substring(0, line.lastIndexOf(' ')))
                    .toList();
            assertThat(series).doesNotHaveDuplicates().allMatch(each -> each.startsWith("enishi_"));
            assertThat(scraped.body().lines())
                    .contains("enishi_agent_events{host=\"host-1\"} 10.0")
                    .contains("enishi_agent_events_lost{host=\"host-1\",stage=\"capture\"} 12.0")
                    .contains("enishi_agent_events_lost{host=\"host-1\",stage=\"agent\"} 14.0")
                    .contains("enishi_agent_capture_rung{host=\"host-1\",rung=\"proc\"} 1.0")
                    .contains("enishi_agent_capture_rung{host=\"host-1\",rung=\"sock_diag\"} 1.0")
                    .anyMatch(line -> line.contains("server_service=\"a\\\"b\\\\c\\nd\""));
        }
    }
}
