package enishi.server.http;

import enishi.server.api.Json;
import enishi.server.api.Problem;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/** What the web server refuses by itself, before any route: said as every other error is, in one sentence. */
public final class Unreadable implements DirectHandler {
    private Unreadable() {}

    /** For every kind of such a refusal. */
    public static DirectHandlers handlers() {
        DirectHandlers.Builder all = DirectHandlers.builder();
        for (EventType each : EventType.values()) {
            all.addHandler(each, new Unreadable());
        }
        return all.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType kind, Status proposed, ServerResponseHeaders headers, String message) {
        Status status = proposed.equals(Status.BAD_REQUEST_400) && isPackedOtherwise(request)
                ? Status.UNSUPPORTED_MEDIA_TYPE_415
                : proposed;
        byte[] problem = Json.bytes(new Problem(status.reasonPhrase(), status.code(), sentence(status)));
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
                .keepAlive(kind.keepAlive())
                .entity(problem)
                .build();
    }

    private static boolean isPackedOtherwise(TransportRequest request) {
        return request.headers()
                .first(HeaderNames.CONTENT_ENCODING)
                .filter(how -> !how.equalsIgnoreCase("gzip"))
                .isPresent();
    }

    private static String sentence(Status status) {
        return switch (status.code()) {
            case 413 -> "the request is larger than this server takes; send less at once";
            case 415 -> "this server unpacks gzip and nothing else; send the body as it is, or gzipped once";
            case 400 -> "this is no HTTP request that this server can read";
            default -> "the server cannot answer this request";
        };
    }
}
