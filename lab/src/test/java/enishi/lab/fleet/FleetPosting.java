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
 * Posts a fleet's minutes to a running server over HTTP, with authentication, as fast as it takes them: so many agents at
 * once, reports made beforehand. {@code lab/scale} runs it and asks meanwhile.
 */
public final class FleetPosting {
    private static final int AT_ONCE = 32;

    private FleetPosting() {}

    private record Post(HttpRequest request, int observations) {}

    /**
     * FOLDER of the server's state, HOSTS, DEPENDENCIES of each, MINUTES that each reports and MIX. Before each minute a
     * line says {@code posting}; after it one says how many reports and observations were taken, in which nanoseconds,
     * and how many reports were not.
     */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Fleet fleet = new Fleet(new Fleet.Size(
                Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Mix.valueOf(arguments[4]), 1));
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
                    posts.add(of(to, token, reports.of(host, first + minute)));
                }
                System.out.println("posting");
                post(client, posts);
            }
        }
    }

    private static Post of(URI to, String token, Report report) throws IOException {
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

    private static void post(HttpClient client, List<Post> posts) throws Exception {
        int taken = 0;
        int observations = 0;
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (Post each : posts) {
                answers.add(threads.submit(() -> isTaken(client, each.request())));
            }
            for (int i = 0; i < posts.size(); i++) {
                if (answers.get(i).get()) {
                    taken++;
                    observations += posts.get(i).observations();
                }
            }
        }
        long nanos = System.nanoTime() - begun;
        System.out.println(taken + " " + observations + " " + nanos + " " + (posts.size() - taken));
    }

    private static boolean isTaken(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 204;
    }
}
