package enishi.cli;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** The server's answers read, as it writes them: snake_case names, closed sets in lower case, RFC 3339 times. */
final class Answers {
    static final TypeReference<Answer<Dependency>> DEPENDENCIES = new TypeReference<>() {};
    static final TypeReference<Answer<HostItem>> HOSTS = new TypeReference<>() {};
    static final TypeReference<Answer<ServiceItem>> SERVICES = new TypeReference<>() {};
    static final TypeReference<Answer<ListenerItem>> LISTENERS = new TypeReference<>() {};

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Answers() {}

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw new Failure(
                    enishi.settings.ExitCode.BUG,
                    "reading the server's answer failed: " + e.getOriginalMessage()
                            + "; are server and command of the same version?");
        }
    }

    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
