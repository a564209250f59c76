package enishi.server.http;

import enishi.server.api.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * The page's static files, from the class path's folder {@code ui}; there are few, and no other file can be reached.
 */
public final class Page implements HttpService {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> file("index.html", response)).get("/assets/{name}", this::asset);
    }

    private void asset(ServerRequest request, ServerResponse response) throws IOException {
        String name = request.path().pathParameters().get("name");
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            Problem.send(response, Status.NOT_FOUND_404, "there is no such file");
            return;
        }
        file("assets/" + name, response);
    }

    private static void file(String name, ServerResponse response) throws IOException {
        try (InputStream bytes = Page.class.getResourceAsStream("/ui/" + name)) {
            if (bytes == null) {
                Problem.send(
                        response,
                        Status.NOT_FOUND_404,
                        "the page was not built: install Node.js and run ./enishi again; the commands work without it");
                return;
            }
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            response.header(HeaderNames.CONTENT_TYPE, type).send(bytes.readAllBytes());
        }
    }
}
