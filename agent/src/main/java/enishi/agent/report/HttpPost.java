package enishi.agent.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * POST {@code SERVER/api/v1/reports}, protobuf, gzip. By HttpURLConnection, which sends on the caller's thread: the
 * JDK's newer client costs 17 MiB and four threads more. Host names are verified, redirects are not followed, proxies
 * are not asked. Address and token are read anew for each attempt, so that mending a file is enough.
 */
public final class HttpPost implements Post {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final int BECAUSE_CHARS_MAX = 200;
    private static final long RETRY_AFTER_SECONDS_MAX = 300;
    private final Source<URI> server;
    private final Source<String> token;
    private final Optional<SSLSocketFactory> trust;
    private @Nullable Way tried;

    /** Where a report goes, and by what right. */
    private record Way(URI to, String bearer) {}

    /**
     * A way to the server.
     *
     * @param trust whose certificates are trusted; empty: those that the JDK trusts
     */
    public HttpPost(Source<URI> server, Source<String> token, Optional<SSLSocketFactory> trust) {
        this.server = server;
        this.token = token;
        this.trust = trust;
    }

    /** Something read from a file when it is needed. */
    @FunctionalInterface
    public interface Source<T> {
        T read() throws IOException;
    }

    @Override
    public Delivery send(byte[] report) {
        String bearer;
        try {
            bearer = token.read();
        } catch (IOException e) {
            return new Delivery.NotAllowed("the token cannot be read: " + e.getMessage());
        }
        try {
            Way way = new Way(server.read(), bearer);
            tried = way;
            return send(way.to(), bearer, gzip(report));
        } catch (IOException | IllegalArgumentException e) {
            return new Delivery.Unreachable(printable(e.toString()));
        }
    }

    /** Whether address or token is another than at the last attempt. */
    @Override
    public boolean hasChanged() {
        try {
            return !new Way(server.read(), token.read()).equals(tried);
        } catch (IOException e) {
            return false; // not to be had now; the next attempt says so
        }
    }

    private Delivery send(URI to, String bearer, byte[] body) throws IOException {
        HttpURLConnection http =
                (HttpURLConnection) to.resolve("/api/v1/reports").toURL().openConnection(Proxy.NO_PROXY);
        if (http instanceof HttpsURLConnection https) {
            trust.ifPresent(https::setSSLSocketFactory);
        }
        http.setRequestMethod("POST");
        http.setInstanceFollowRedirects(false);
        http.setUseCaches(false);
        http.setConnectTimeout(CONNECT_MILLIS);
        http.setReadTimeout(READ_MILLIS);
        http.setDoOutput(true);
        http.setRequestProperty("Authorization", "Bearer " + bearer);
        http.setRequestProperty("Content-Type", "application/x-protobuf");
        http.setRequestProperty("Content-Encoding", "gzip");
        try (OutputStream out = http.getOutputStream()) {
            out.write(body);
        }
        int code = http.getResponseCode();
        String answer = answer(http, code);
        String because = to + " answers " + code + (answer.isEmpty() ? "" : ": " + answer);
        return switch (code) {
            case 401, 403 -> new Delivery.NotAllowed(because);
            case 429, 503 -> new Delivery.Busy(retryAfterMillis(http));
            case 400, 413, 415, 422 -> new Delivery.Refused(because);
            default -> code >= 200 && code < 300 ? new Delivery.Accepted() : new Delivery.Unreachable(because);
        };
    }

    /** The first of what the server says, for people; read to its end so that the connection can be used again. */
    private static String answer(HttpURLConnection http, int code) throws IOException {
        try (InputStream in = code < 400 ? http.getInputStream() : http.getErrorStream()) {
            if (in == null) {
                return "";
            }
            byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX);
            if (bytes.length == ANSWER_BYTES_MAX) {
                http.disconnect();
            }
            return printable(new String(bytes, StandardCharsets.UTF_8).strip());
        }
    }

    private static long retryAfterMillis(HttpURLConnection http) {
        String value = http.getHeaderField("Retry-After");
        try {
            long seconds = value == null ? 0 : Long.parseLong(value.strip());
            return 1000 * Math.clamp(seconds, 0, RETRY_AFTER_SECONDS_MAX);
        } catch (NumberFormatException e) {
            return 0; // the form with a date: our own back-off will do
        }
    }

    private static byte[] gzip(byte[] report) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(report.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(report);
        }
        return bytes.toByteArray();
    }

    /** What others wrote may end up on a terminal. */
    private static String printable(String text) {
        String one = text.length() > BECAUSE_CHARS_MAX ? text.substring(0, BECAUSE_CHARS_MAX) + "..." : text;
        return one.replaceAll("\\p{C}+", " ");
    }
}
