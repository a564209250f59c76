package enishi.lab;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.answer.Answer;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.HostItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The running server of a state folder, spoken to over HTTP. Its address is read anew for each request. */
final class Requests implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();
    private final Path home;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /**
     * What the server said.
     *
     * @param retryAfter seconds, empty unless the server asks to wait
     */
    record Said(int status, String type, String retryAfter, String body) {}

    /** The dependencies of a window, and what was watched in it. */
    record Export(List<Dependency> dependencies, CoverageVerdict coverage) {}

    /** The last line of an export. */
    record Trailer(Instant from, Instant to, CoverageVerdict coverage) {}

    Requests(Path home) {
        this.home = home;
    }

    /** A token of this server for whom it may concern. */
    String token(Identity identity) throws IOException {
        return Secret.parse(Files.readString(home.resolve("secret"))).token(identity);
    }

    URI uri(String path) throws IOException {
        return URI.create(Files.readString(home.resolve("server.url")).strip()).resolve(path);
    }

    HttpRequest.Builder to(String path, String token) throws IOException {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    /** Posts a report as an agent does. */
    Said post(byte[] report, String token) throws IOException, InterruptedException {
        return send(to("/api/v1/reports", token)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(report)))
                .build());
    }

    Said send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Said(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.headers().firstValue("Retry-After").orElse(""),
                response.body());
    }

    /** Asks as a viewer. */
    String ask(String path) throws IOException, InterruptedException {
        Said said = send(to(path, token(new Identity.Viewer())).build());
        if (said.status() != 200) {
            throw new IOException("asking " + path + " was answered with " + said);
        }
        return said.body();
    }

    /** Whether the server answers questions. */
    boolean isAnswering() {
        try {
            return !ask("/api/v1/hosts").isEmpty();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Export export(Instant from, Instant to) throws IOException, InterruptedException {
        return export("since=" + from + "&until=" + to);
    }

    /** What was asked for in vain. */
    Export attempts(Instant from, Instant to) throws IOException, InterruptedException {
        return export("attempts=true&since=" + from + "&until=" + to);
    }

    private Export export(String parameters) throws IOException, InterruptedException {
        List<Dependency> dependencies = new ArrayList<>();
        List<String> lines = ask("/api/v1/export?" + parameters).lines().toList();
        for (String line : lines.subList(0, lines.size() - 1)) {
            dependencies.add(MAPPER.readValue(line, Dependency.class));
        }
        return new Export(
                dependencies, MAPPER.readValue(lines.getLast(), Trailer.class).coverage());
    }

    Answer<HostItem> hosts(Instant from, Instant to) throws IOException, InterruptedException {
        return MAPPER.readValue(ask("/api/v1/hosts?since=" + from + "&until=" + to), new TypeReference<>() {});
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
