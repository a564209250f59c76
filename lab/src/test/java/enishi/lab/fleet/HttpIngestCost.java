package enishi.lab.fleet;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.lab.fleet.Activity.Mix;
import enishi.model.Report;
import enishi.wire.ReportCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;

/**
 * How many observations a second a running server takes over HTTP, with authentication, durable when acknowledged:
 * reports made beforehand are posted by so many agents at once. {@code lab/bench/http-ingest} runs it.
 */
public final class HttpIngestCost {
    private static final int AT_ONCE = 32;

    private HttpIngestCost() {}

    private record Post(HttpRequest request, int observations) {}

    /** FOLDER of the server's state, HOSTS, DEPENDENCIES of each and MINUTES that each reports. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Fleet fleet = new Fleet(
                new Fleet.Size(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Mix.ALWAYS_ON, 1));
        int minutes = Integer.parseInt(arguments[3]);
        FleetReports reports = new FleetReports(fleet);
        Secret secret = Secret.parse(Files.readString(home.resolve("secret")));
        URI to =
                URI.create(Files.readString(home.resolve("server.url")).strip()).resolve("/api/v1/reports");
        long first = Instant.now().getEpochSecond() / 60 - minutes;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int minute = 0; minute < minutes; minute++) {
                List<Post> posts = new ArrayList<>();
                for (int host = 0; host < fleet.size().hosts(); host++) {
                    String token = secret.token(new Identity.Agent(fleet.id(host)));
                    posts.add(post(to, token, reports.of(host, first + minute)));
                }
                long begun = System.nanoTime();
                int observations = send(client, posts);
                double seconds = (System.nanoTime() - begun) / 1e9;
                System.out.printf(
                        "%d reports, %d observations: %.0f observations/s, %.0f reports/s%s%n",
                        posts.size(),
                        observations,
                        observations / seconds,
                        posts.size() / seconds,
                        minute == 0 ? " (first, new flows)" : "");
            }
        }
    }

    private static Post post(URI to, String token, Report report) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(ReportCodec.encode(report));
        }
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                .build();
        return new Post(request, report.flows().size());
    }

    private static int send(HttpClient client, List<Post> posts) throws Exception {
        int observations = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (Post each : posts) {
                answers.add(threads.submit(() -> client.send(each.request(), HttpResponse.BodyHandlers.discarding())
                        .statusCode()));
                observations += each.observations();
            }
            for (Future<Integer> each : answers) {
                if (each.get() != 204) {
                    throw new IllegalStateException("a report was answered with " + each.get());
                }
            }
        }
        return observations;
    }
}
