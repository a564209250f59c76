package enishi.cli.ask;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.Hop;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The server's answers read, as it writes them: snake_case names, closed sets in lower case, RFC 3339 times. */
public final class Answers {
    static final TypeReference<Answer<Dependency>> DEPENDENCIES = new TypeReference<>() {};
    static final TypeReference<Answer<HostItem>> HOSTS = new TypeReference<>() {};
    static final TypeReference<Answer<ServiceItem>> SERVICES = new TypeReference<>() {};
    static final TypeReference<Answer<Hop>> HOPS = new TypeReference<>() {};
    static final TypeReference<Answer<ListenerItem>> LISTENERS = new TypeReference<>() {};

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Answers() {}

    static <T> T read(String json, TypeReference<T> type) {
        return understood(() -> MAPPER.readValue(json, type));
    }

    public static <T> T read(String json, Class<T> type) {
        return understood(() -> MAPPER.readValue(json, type));
    }

    static JsonNode tree(String json) {
        return understood(() -> MAPPER.readTree(json));
    }

    private static <T> T understood(java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JacksonException e) {
            throw new Failure(
                    ExitCode.BUG,
                    "the server's answer cannot be read (" + Text.safe(String.valueOf(e.getOriginalMessage()))
                            + "); are server and command of the same version?");
        }
    }
}
