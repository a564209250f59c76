package enishi.cli.ask;

import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;

/** A question the server does not answer, as the command's own failure. */
final class Refused {
    private static final int BYTES_MAX = 64 * 1024;

    private Refused() {}

    /** What the server says of it (RFC 9457). */
    record Problem(String title, int status, String detail) {}

    static Failure failure(HttpURLConnection connection, int status) throws IOException {
        ExitCode code =
                switch (status) {
                    case 400, 422 -> ExitCode.USAGE;
                    case 401, 403 -> ExitCode.NOT_ALLOWED;
                    case 404 -> ExitCode.UNKNOWN_NODE;
                    case 507 -> ExitCode.STORE;
                    case 429, 502, 503, 504 -> ExitCode.UNAVAILABLE;
                    default -> ExitCode.BUG;
                };
        String type = connection.getContentType();
        if (type == null || !type.startsWith("application/problem+json")) {
            return new Failure(code, "the server answered with status " + status + "; is this Enishi's server?");
        }
        try (InputStream body = connection.getErrorStream()) {
            String json = body == null ? "" : new String(body.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
            return new Failure(code, Text.safe(Answers.read(json, Problem.class).detail()));
        }
    }
}
