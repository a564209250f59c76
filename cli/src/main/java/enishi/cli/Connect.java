package enishi.cli;

import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is and who asks: flags win over the environment, which wins over what the state folder says. */
final class Connect {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Option(names = "--server", paramLabel = "URL", description = "where the server answers")
    private @Nullable String server;

    @Option(names = "--token-file", paramLabel = "FILE", description = "as whom to ask")
    private @Nullable Path tokenFile;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "certificates to trust, PEM")
    private @Nullable Path tlsCa;

    @Option(names = "--home", paramLabel = "FOLDER", description = "state folder, instead of ENISHI_HOME")
    private @Nullable Path home;

    Home home() {
        return home == null ? Home.ofThisUser() : new Home(home.toAbsolutePath());
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private URI server() {
        Optional<String> said = Optional.ofNullable(server).or(() -> environment("ENISHI_SERVER"));
        String url = said.orElseGet(this::localServer);
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null
                    && uri.getScheme() != null
                    && uri.getScheme().startsWith("http")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, "'" + url + "' is no address of a server; write http://HOST:PORT");
        }
        throw new Failure(ExitCode.USAGE, "'" + url + "' is no address of a server; write http://HOST:PORT");
    }

    private String localServer() {
        try {
            return Files.readString(home().serverUrl()).strip();
        } catch (AccessDeniedException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED,
                    "reading " + home().serverUrl() + " is not allowed; ask as the user who runs the server, or give"
                            + " --server and --token-file");
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "no server runs on this state folder (" + home().folder()
                            + "); start one with 'enishi up', or name one with --server URL");
        }
    }

    private String token() {
        Path file = Optional.ofNullable(tokenFile)
                .or(() -> environment("ENISHI_TOKEN_FILE").map(Path::of))
                .orElse(home().viewerToken());
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow(() -> new Failure(ExitCode.CONFIGURATION, "there is no token in " + file))
                    .strip();
        } catch (NoSuchFileException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED,
                    "there is no token at " + file + "; give --token-file FILE, or ask where the server runs");
        } catch (IOException e) {
            throw new Failure(ExitCode.NOT_ALLOWED, "reading the token at " + file + " failed: not allowed");
        }
    }

    /** Asks, and returns the body of a good answer. */
    String get(String path, Map<String, String> parameters) {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        URI base = server();
        URI uri = base.resolve("/api/v1/" + path + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs)));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token())
                .build();
        try (HttpClient client = client()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : fail(response);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "the server at " + base.getScheme() + "://" + base.getAuthority() + " does not answer (" + reason(e)
                            + "); is it running, and is --server right?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.UNAVAILABLE, "interrupted while asking");
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Text.safe(e.getMessage());
    }

    /** What the server says of a question it does not answer. */
    record Problem(String title, int status, String detail) {}

    private static String fail(HttpResponse<String> response) {
        boolean problem = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
        String detail = problem
                ? Text.safe(Answers.read(response.body(), Problem.class).detail())
                : "the server answered with status " + response.statusCode();
        throw new Failure(
                switch (response.statusCode()) {
                    case 400 -> ExitCode.USAGE;
                    case 401, 403 -> ExitCode.NOT_ALLOWED;
                    case 404 -> ExitCode.UNKNOWN_NODE;
                    case 503 -> ExitCode.UNAVAILABLE;
                    default -> ExitCode.BUG;
                },
                detail);
    }

    private HttpClient client() {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5));
        Optional.ofNullable(tlsCa)
                .or(() -> environment("ENISHI_TLS_CA").map(Path::of))
                .ifPresent(file -> builder.sslContext(trusting(file)));
        return builder.build();
    }

    private static SSLContext trusting(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca" + number++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, "reading the certificates in " + file + " failed; give a PEM file: " + e);
        }
    }
}
