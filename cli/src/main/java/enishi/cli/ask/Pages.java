package enishi.cli.ask;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A long answer, put together from its pages. A single page is passed on byte for byte. The window of the first page
 * is the window of all, however long the asking takes.
 */
final class Pages {
    private static final int PAGE_ROWS = 10_000;
    static final int ROWS_MAX = 100_000;
    private final Source source;

    /** Who answers one page. */
    interface Source {
        String get(String path, Map<String, String> parameters);
    }

    Pages(Connect connect) {
        this(connect::get);
    }

    Pages(Source source) {
        this.source = source;
    }

    /** All rows, or the first {@link #ROWS_MAX}; then {@code next} is left standing and says that there are more. */
    String all(String path, Map<String, String> parameters) {
        Map<String, String> asked = new TreeMap<>(parameters);
        asked.put("limit", Integer.toString(PAGE_ROWS));
        String first = source.get(path, asked);
        JsonNode answer = Answers.tree(first);
        if (answer.path("next").isNull() || !(answer instanceof ObjectNode whole)) {
            return first;
        }
        asked.remove("at");
        asked.put("since", whole.path("from").asString());
        asked.put("until", whole.path("to").asString());
        ArrayNode items = (ArrayNode) whole.path("items");
        while (!whole.path("next").isNull() && items.size() < ROWS_MAX) {
            asked.put("cursor", whole.path("next").asString());
            JsonNode page = Answers.tree(source.get(path, asked));
            items.addAll((ArrayNode) page.path("items"));
            whole.set("next", page.path("next"));
        }
        return whole.toString();
    }
}
