package enishi.lab.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way to break the agent, as the first lines of its patch say.
 *
 * @param breaks what it breaks, in words
 * @param rung the one whose score falls
 * @param falls which of its {@link Figures} do
 */
record Mutation(String name, String breaks, Method rung, List<String> falls) {
    private static final String BREAKS = "Breaks: ";
    private static final String FALLS = "Falls: ";

    Mutation {
        falls = List.copyOf(falls);
    }

    static Mutation of(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        List<String> falls = List.of(after(FALLS, lines, patch).split(" "));
        Method rung = Stream.of(Method.values())
                .filter(each -> each.rung().equals(falls.getFirst()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(patch + " names no rung of Enishi"));
        String file = String.valueOf(patch.getFileName());
        return new Mutation(
                file.replace(".patch", ""), after(BREAKS, lines, patch), rung, falls.subList(1, falls.size()));
    }

    private static String after(String word, List<String> lines, Path patch) {
        return lines.stream()
                .takeWhile(each -> !each.startsWith("---"))
                .filter(each -> each.startsWith(word))
                .map(each -> each.substring(word.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(patch + " has no line that begins with " + word));
    }
}
