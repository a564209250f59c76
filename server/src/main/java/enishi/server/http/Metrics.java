package enishi.server.http;

import enishi.server.api.DependencyMetrics;
import enishi.server.ingest.IngestCounters;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.LongSupplier;

/** {@code /metrics} in Prometheus' text format: the server's own counters, and the dependencies of the last minutes. */
public final class Metrics implements HttpService {
    private final PrometheusRegistry registry = new PrometheusRegistry();

    /**
     * What is scraped.
     *
     * @param tooLate observations and minutes of coverage left out because their slot was dropped before they came
     * @param rollUpsFailed how often rolling up failed
     */
    public Metrics(
            IngestCounters ingest, LongSupplier tooLate, LongSupplier rollUpsFailed, DependencyMetrics dependencies) {
        counter("enishi_server_reports_received_total", "Reports received", ingest::received);
        counter("enishi_server_reports_stored_total", "Reports stored and acknowledged", ingest::stored);
        counter("enishi_server_reports_refused_total", "Reports that will never be taken", ingest::refused);
        counter("enishi_server_reports_failed_total", "Reports that may be sent again", ingest::failed);
        counter("enishi_server_observations_stored_total", "Observations stored", ingest::observations);
        counter(
                "enishi_server_observations_too_late_total",
                "Observations and minutes of coverage that came too late to be kept",
                tooLate);
        counter("enishi_server_rollups_failed_total", "Times that rolling up failed, tried again", rollUpsFailed);
        registry.register(dependencies);
    }

    private void counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/metrics", this::scrape);
    }

    private void scrape(ServerRequest request, ServerResponse response) throws IOException {
        enishi.server.api.Asker.of(request).requireAll("reading /metrics");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.builder().build().write(text, registry.scrape());
        response.header(HeaderNames.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE)
                .send(text.toByteArray());
    }
}
