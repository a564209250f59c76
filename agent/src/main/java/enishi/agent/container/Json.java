package enishi.agent.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON (RFC 8259) as far as names need it: objects, arrays and strings. What is absent, empty, null, a
 * number or a truth value has no text, no items and nothing within.
 */
record Json(@Nullable Object value) {
    static final Json NOTHING = new Json(null);

    /** What an object holds under a key. */
    Json at(String key) {
        return value instanceof Map<?, ?> map && map.get(key) instanceof Json json ? json : NOTHING;
    }

    Optional<String> text() {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The items of an array. */
    List<Json> items() {
        return value instanceof List<?> list
                ? list.stream().map(each -> (Json) each).toList()
                : List.of();
    }
}
