package enishi.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

/** An error as RFC 9457 problem details. */
public record Problem(String title, int status, String detail) {

    /** Answers with one sentence and no trace of our insides. */
    public static void send(ServerResponse response, Status status, String detail) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
                .send(Json.bytes(new Problem(status.reasonPhrase(), status.code(), detail)));
    }
}
