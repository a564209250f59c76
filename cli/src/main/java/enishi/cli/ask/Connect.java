package enishi.cli.ask;

import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is and who asks: flags win over the environment, which wins over what the state folder says. */
public final class Connect {
    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int READ_MILLIS_MAX = 60_000;
    private static final int WORK_MILLIS_MAX = 3_600_000;

    @Option(names = "--server", paramLabel = "URL", description = "where the server answers")
    private @Nullable String server;

    @Option(names = "--token-file", paramLabel = "FILE", description = "as whom to ask")
    private @Nullable Path tokenFile;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "certificates to trust, PEM")
    private @Nullable Path tlsCa;

    @Option(names = "--home", paramLabel = "FOLDER", description = "state folder, instead of ENISHI_HOME")
    private @Nullable Path home;

    /** Asks the server of a state folder as its owner. */
    public static Connect to(Home home) {
        Connect connect = new Connect();
        connect.home = home.folder();
        return connect;
    }

    public Home home() {
        return home == null ? Home.ofThisUser() : new Home(home.toAbsolutePath());
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Path> path(String name) {
        try {
            return environment(name).map(Path::of);
        } catch (InvalidPathException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, name + " names no file: " + Text.safe(String.valueOf(e.getMessage())));
        }
    }

    /** Whether it is the server of the state folder that is asked, and none that was named. */
    public boolean isOfStateFolder() {
        return server == null && environment("ENISHI_SERVER").isEmpty();
    }

    /** Whether anybody listens where the server of the state folder would: after a kill its address stays behind. */
    public boolean isListening() {
        if (Files.notExists(home().serverUrl())) {
            return false;
        }
        URI uri = server();
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), port), CONNECT_MILLIS_MAX);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private URI server() {
        Optional<String> said = Optional.ofNullable(server).or(() -> environment("ENISHI_SERVER"));
        String url = said.orElseGet(this::localServer);
        try {
            URI uri = new URI(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
            throw new URISyntaxException(url, "no host, or neither http nor https");
        } catch (URISyntaxException e) {
            throw new Failure(
                    ExitCode.USAGE, "'" + Text.safe(url) + "' is no address of a server; write http://HOST:PORT");
        }
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
                    "no server runs on the state folder " + home().folder()
                            + "; start one with 'enishi up', or name one with --server URL");
        }
    }

    /** Whether the command was told as whom to ask. */
    boolean hasOwnToken() {
        return tokenFile != null;
    }

    private String token() {
        Path file = Optional.ofNullable(tokenFile)
                .or(() -> path("ENISHI_TOKEN_FILE"))
                .orElse(home().viewerToken());
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                            ExitCode.CONFIGURATION,
                            "there is no token in " + file + "; 'enishi server invite' makes one"))
                    .strip();
        } catch (NoSuchFileException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED,
                    "there is no token at " + file + "; give --token-file FILE, or ask where the server runs");
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED,
                    "reading the token at " + file + " is not allowed; ask as its owner, or give --token-file FILE");
        }
    }

    /** Asks, and returns the body of a good answer. */
    public String get(String path, Map<String, String> parameters) {
        URI base = server();
        try (InputStream body = open(base, path, parameters)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unanswered(base, e);
        }
    }

    /** What takes the lines of a long answer one by one, and says whether it wants more. */
    interface Lines {
        boolean take(String line);
    }

    /** Asks, and hands on the answer line by line as it comes. */
    void lines(String path, Map<String, String> parameters, Lines lines) {
        URI base = server();
        try (InputStream body = open(base, path, parameters);
                var reader = new java.io.BufferedReader(new java.io.InputStreamReader(body, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null && lines.take(line)) {
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw unanswered(base, e);
        }
    }

    /** What takes in the answer to a request that makes the server work. */
    interface Intake {
        long take(Saving.Coming coming) throws IOException;
    }

    /** Has the server do something that may take it long, and hands on the answer. */
    long post(String path, Intake intake) {
        URI base = server();
        try {
            HttpURLConnection connection = connection(base.resolve("/api/v1/" + path));
            connection.setRequestMethod("POST");
            connection.setFixedLengthStreamingMode(0); // else Java would ask a second time by itself
            connection.setDoOutput(true);
            connection.setReadTimeout(WORK_MILLIS_MAX);
            connection.getOutputStream().close();
            try (InputStream body = body(connection)) {
                return intake.take(new Saving.Coming(connection.getContentLengthLong(), body));
            }
        } catch (IOException e) {
            throw unanswered(base, e);
        }
    }

    private InputStream open(URI base, String path, Map<String, String> parameters) throws IOException {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return body(
                connection(base.resolve("/api/v1/" + path + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs)))));
    }

    private HttpURLConnection connection(URI uri) throws IOException {
        String token = token();
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS_MAX);
        connection.setReadTimeout(READ_MILLIS_MAX);
        connection.setInstanceFollowRedirects(false);
        try {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.CONFIGURATION, "the token is no line of plain text; give another --token-file");
        }
        Optional<Path> trusted = Optional.ofNullable(tlsCa).or(() -> path("ENISHI_TLS_CA"));
        if (trusted.isPresent() && connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(Trusting.only(trusted.get()));
        }
        return connection;
    }

    private static InputStream body(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw Refused.failure(connection, status);
        }
        return connection.getInputStream();
    }

    private static Failure unanswered(URI base, IOException e) {
        String reason =
                e.getMessage() == null ? e.getClass().getSimpleName() : Text.safe(String.valueOf(e.getMessage()));
        return new Failure(
                ExitCode.UNAVAILABLE,
                "the server at " + base.getScheme() + "://" + Text.safe(base.getAuthority()) + " does not answer ("
                        + reason + "); is it running, and is --server right?");
    }
}
