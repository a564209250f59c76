package enishi.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters that fold an answer. */
final class Folding {
    private Folding() {}

    static void put(Map<String, String> parameters, @Nullable String by, boolean attempts) {
        if (by != null) {
            parameters.put("by", by);
        }
        if (attempts) {
            parameters.put("attempts", "true");
        }
    }
}
