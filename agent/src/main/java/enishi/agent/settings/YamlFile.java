package enishi.agent.settings;

import enishi.settings.ConfigurationException;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A configuration file: YAML 1.2 of plain values, bounded in size, depth and aliases. */
final class YamlFile {
    private static final int BYTES_MAX = 64 * 1024;
    private static final LoadSettings BOUNDS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(8)
            .setCodePointLimit(BYTES_MAX)
            .build();

    private YamlFile() {}

    static Map<String, ?> readIfThere(Home home) throws ConfigurationException {
        return Files.exists(home.configuration()) ? read(home.configuration()) : Map.of();
    }

    static Map<String, ?> read(Path path) throws ConfigurationException {
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw new ConfigurationException(path + " is longer than " + BYTES_MAX + " bytes");
            }
            return parse(path, Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + path + " (" + Reason.of(e) + ")");
        }
    }

    private static Map<String, ?> parse(Path path, String text) throws ConfigurationException {
        Object root;
        try {
            root = new Load(BOUNDS).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new ConfigurationException(path + " is not valid YAML: " + Reason.oneLine(e));
        }
        Map<String, Object> known = new LinkedHashMap<>();
        if (root instanceof Map<?, ?> map) {
            map.forEach((key, value) -> known.put(String.valueOf(key), value));
        } else if (root != null) {
            throw new ConfigurationException(path + " holds no keys; write it as 'key: value' lines");
        }
        return known;
    }
}
