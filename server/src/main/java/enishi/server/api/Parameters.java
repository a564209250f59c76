package enishi.server.api;

import enishi.model.Window;
import enishi.server.graph.Level;
import enishi.settings.Nearest;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of one question. An unknown one is refused with the nearest known: a typo must not widen an answer.
 */
final class Parameters {
    private static final int LIMIT_DEFAULT = 1_000;
    private static final int LIMIT_MAX = 10_000;
    private static final int DEPTH_MAX = 16;
    private final ServerRequest request;

    Parameters(ServerRequest request, Set<String> known) {
        this.request = request;
        for (String name : request.query().names()) {
            if (!known.contains(name)) {
                throw refuse(
                        "unknown parameter '" + name + "'; the nearest known is '" + Nearest.of(name, known) + "'");
            }
        }
    }

    Optional<String> text(String name) {
        return request.query().contains(name) ? Optional.of(request.query().get(name)) : Optional.empty();
    }

    String required(String name) {
        return text(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> refuse("the parameter '" + name + "' is missing"));
    }

    /** The window asked about; a further page has that of the first. */
    Window window(Instant now) {
        return cursor().map(Paging.Cursor::window)
                .orElseGet(
                        () -> new Times(now, ZoneId.systemDefault()).window(text("since"), text("until"), text("at")));
    }

    /** A window written as one parameter; if there is none, that of this text. */
    Window span(String name, Instant now, Optional<String> otherwise) {
        String text = text(name).or(() -> otherwise).orElseGet(() -> required(name));
        return new Times(now, ZoneId.systemDefault()).span(name, text);
    }

    boolean on(String name) {
        return switch (text(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refuse("'" + name + "' is true or false");
        };
    }

    Level level() {
        return level(Level.PROCESS);
    }

    Level level(Level otherwise) {
        String text = text("by").orElse(otherwise.name());
        try {
            return Level.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refuse("'by' is one of process, service, host, zone, site, not '" + text + "'");
        }
    }

    /** Most items of an answer. */
    int limit() {
        return number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    }

    int depth() {
        int depth = number("depth", 1, 1, DEPTH_MAX);
        if (depth > 1 && on("attempts")) {
            throw refuse("attempts lead nowhere: 'depth' goes with 'attempts' only if it is 1");
        }
        return depth;
    }

    /** Where the page before ended, or empty for the first page. */
    Optional<Paging.Cursor> cursor() {
        return text("cursor").map(Paging.Cursor::parse);
    }

    private int number(String name, int otherwise, int least, int most) {
        String text = text(name).orElse(Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refuse("'" + name + "' is a whole number, not '" + text + "'");
        }
        throw refuse("'" + name + "' is between " + least + " and " + most);
    }

    private static Refusal refuse(String why) {
        return new Refusal(Status.BAD_REQUEST_400, why);
    }
}
