package enishi.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final List<Map<String, String>> asked = new ArrayList<>();

    /** A page of rows from a cursor on, of so many in all. */
    private String page(Map<String, String> parameters, int all) {
        asked.add(new TreeMap<>(parameters));
        int from = Integer.parseInt(parameters.getOrDefault("cursor", "0"));
        int to = Math.min(all, from + Integer.parseInt(parameters.getOrDefault("limit", "0")));
        String items = IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(","));
        return "{\"from\":\"2026-11-20T11:00:00Z\",\"to\":\"2026-11-20T12:00:00Z\",\"items\":[" + items + "],\"next\":"
                + (to < all ? "\"" + to + "\"" : "null") + ",  \"notes\":[]}";
    }

    @Test
    void onePageIsPassedOnByteForByte() {
        String whole = new Pages((path, parameters) -> page(parameters, 3)).all("hosts", Map.of("at", "x"));
        assertThat(whole).endsWith("\"items\":[0,1,2],\"next\":null,  \"notes\":[]}");
        assertThat(asked).containsExactly(Map.of("at", "x", "limit", "10000"));
    }

    @Test
    void everyPageIsFetchedOverTheWindowOfTheFirst() {
        String whole = new Pages((path, parameters) -> page(parameters, 25_000)).all("hosts", Map.of("since", "2h"));
        assertThat(Answers.tree(whole).path("items").valueStream().map(each -> each.asInt()))
                .containsExactlyElementsOf(IntStream.range(0, 25_000).boxed().toList());
        assertThat(Answers.tree(whole).path("next").isNull()).isTrue();
        assertThat(asked).hasSize(3);
        assertThat(asked.getLast())
                .containsEntry("since", "2026-11-20T11:00:00Z")
                .containsEntry("until", "2026-11-20T12:00:00Z")
                .containsEntry("cursor", "20000");
    }

    @Test
    void anAnswerWithoutEndIsCutAndSaysSo() {
        String whole = new Pages((path, parameters) -> page(parameters, 1_000_000)).all("hosts", Map.of());
        assertThat(Answers.tree(whole).path("items").size()).isEqualTo(Pages.ROWS_MAX);
        assertThat(Answers.tree(whole).path("next").asString()).isEqualTo("100000");
    }
}
