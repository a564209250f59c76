package enishi.server;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.model.HostId;
import enishi.model.Report;
import enishi.server.graph.Networks;
import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.settings.Home;
import enishi.wire.ReportCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a loopback port of the kernel's choosing, over a store that the test filled, asked over HTTP. */
final class LocalServer implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private final Secret secret = Secret.random();
    private final Serving serving;
    private final HttpClient http = HttpClient.newHttpClient();

    LocalServer(Path folder, Store store, Clock clock) throws Exception {
        this(folder, store, clock, Networks.NONE, true);
    }

    LocalServer(Path folder, Store store, Clock clock, Networks networks, boolean infers) throws Exception {
        Settings settings = new Settings(
                new Home(folder),
                InetAddress.getLoopbackAddress(),
                0,
                Optional.empty(),
                false,
                64,
                0,
                Retention.DEFAULT,
                networks,
                infers);
        serving = Serving.start(settings, store, secret, clock);
    }

    /** Asks as a viewer. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, Optional.of(secret.token(new Identity.Viewer())));
    }

    HttpResponse<String> getAs(HostId host, String path) throws IOException, InterruptedException {
        return send("GET", path, Optional.of(secret.token(new Identity.Agent(host))));
    }

    HttpResponse<String> send(String method, String path, Optional<String> token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(serving.url() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.noBody());
        token.ifPresent(each -> request.header("Authorization", "Bearer " + each));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Reports as the agent of the report's host. */
    HttpResponse<String> post(Report report) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(serving.url() + "/api/v1/reports"))
                .timeout(Duration.ofSeconds(60))
                .header(
                        "Authorization",
                        "Bearer "
                                + secret.token(new Identity.Agent(report.host().id())))
                .POST(BodyPublishers.ofByteArray(ReportCodec.encode(report)))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Asks by POST and takes whatever bytes come. */
    HttpResponse<byte[]> post(String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(serving.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.ofByteArray());
    }

    String agent(HostId host) {
        return secret.token(new Identity.Agent(host));
    }

    String viewer() {
        return secret.token(new Identity.Viewer());
    }

    static JsonNode json(HttpResponse<String> response) {
        return MAPPER.readTree(response.body());
    }

    /** The names of an object's fields. */
    static Set<String> names(JsonNode object) {
        return Set.copyOf(object.propertyNames());
    }

    @Override
    public void close() throws IOException {
        http.close();
        serving.close();
    }
}
