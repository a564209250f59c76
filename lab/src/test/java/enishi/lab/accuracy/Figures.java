package enishi.lab.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a mutation may bring down: figures of a score, then what was found of each case, as shares of 1. Where there is
 * nothing to take a share of, it is 0. {@code alone} are those among the named that are told of no other programs beside.
 */
record Figures(Map<String, Double> shares) {
    /** Those that are no case. */
    static final List<String> OVERALL = List.of("precision", "recall", "role", "named", "alone");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Those of a rung among the lines of a file that {@link Table#json} made. */
    static Figures read(Path file, Method rung) throws IOException {
        for (String each : Files.readAllLines(file)) {
            JsonNode line = MAPPER.readTree(each);
            if (line.path("method").asString().equals(rung.title())) {
                return of(line);
            }
        }
        throw new IOException(file + " holds nothing of " + rung.title());
    }

    private static Figures of(JsonNode line) {
        JsonNode service = line.path("service");
        int both = service.path("both").asInt();
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put("precision", share(both, service.path("told").asInt()));
        shares.put("recall", share(both, service.path("true").asInt()));
        shares.put("role", share(both, both + line.path("reversed").asInt()));
        int named = line.path("named").asInt();
        shares.put("named", share(named, line.path("to_be_named").asInt()));
        shares.put("alone", share(line.path("alone").asInt(), named));
        line.path("cases")
                .properties()
                .forEach(each -> shares.put(
                        each.getKey(),
                        share(
                                each.getValue().path(0).asInt(),
                                each.getValue().path(1).asInt())));
        return new Figures(shares);
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** Cut, not rounded: 1.00 is all of it. */
    String text(String name) {
        return "%.2f".formatted(Math.floor(shares.getOrDefault(name, 0.0) * 100 + 1e-9) / 100);
    }

    /** Which of these are less than they were; a case that was not exercised again is not. */
    List<String> fallenFrom(Figures before) {
        return shares.keySet().stream()
                .filter(each -> shares.getOrDefault(each, 0.0) < before.shares.getOrDefault(each, 0.0))
                .toList();
    }
}
