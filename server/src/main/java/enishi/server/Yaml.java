package enishi.server;

import enishi.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The configuration file, if there is one. */
final class Yaml {
    private static final int BYTES_MAX = 1 << 20;

    private Yaml() {}

    static Map<String, ?> read(Path file) throws ConfigurationException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigurationException(
                        file + " is larger than " + BYTES_MAX + " bytes: this is no configuration");
            }
            Object read = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            if (read == null) {
                return Map.of();
            }
            if (read instanceof Map<?, ?> map) {
                Map<String, Object> keys = new LinkedHashMap<>();
                map.forEach((key, value) -> keys.put(String.valueOf(key), value == null ? "" : value));
                return keys;
            }
            throw new ConfigurationException(file + " must hold keys and values, such as 'listen: 127.0.0.1:4649'");
        } catch (IOException | YamlEngineException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ConfigurationException("reading " + file + " failed: " + why);
        }
    }
}
