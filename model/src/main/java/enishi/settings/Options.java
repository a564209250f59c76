package enishi.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values given to one process: a flag {@code --spool-mib 8} wins over {@code ENISHI_SPOOL_MIB=8} in the
 * environment, which wins over {@code spool-mib: 8} in {@code enishi.yaml}. An unknown key anywhere is an error that
 * names the nearest known one. A table, such as {@code label}, may be given several times, as {@code key=value}, or in
 * the file as keys and values; every other option once.
 */
public final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();

    private Options() {}

    /**
     * Folds the three sources.
     *
     * @param section the process's part of the file, such as {@code agent}; keys at the top level serve every process
     * @param known option names that take a value, and those that are switches
     * @param yaml the parsed file, or an empty map
     */
    public static Options of(
            String section, Known known, List<String> arguments, Map<String, String> environment, Map<String, ?> yaml)
            throws ConfigurationException {
        Options options = new Options();
        options.readYaml(section, known, yaml);
        options.readEnvironment(known, environment);
        options.readArguments(known, arguments);
        return options;
    }

    /**
     * The option names of one process.
     *
     * @param valued names of options that take a value
     * @param switches names of options that are on when given
     * @param tables names of options that take a key and a value, any number of times
     * @param sections names of the file's parts
     */
    public record Known(Set<String> valued, Set<String> switches, Set<String> tables, Set<String> sections) {
        boolean has(String name) {
            return valued.contains(name) || switches.contains(name) || tables.contains(name);
        }

        ConfigurationException unknown(String kind, String name) {
            List<String> candidates = new ArrayList<>(valued);
            candidates.addAll(switches);
            candidates.addAll(tables);
            return new ConfigurationException(
                    "unknown " + kind + " '" + name + "'; the nearest known is '" + Nearest.of(name, candidates) + "'");
        }
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public boolean on(String name) throws ConfigurationException {
        String value = values.getOrDefault(name, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigurationException("'" + name + "' is true or false, not '" + value + "'");
        };
    }

    /** A whole number. @throws ConfigurationException if the value is none between the bounds */
    public long number(String name, long otherwise, long least, long most) throws ConfigurationException {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the one error below
        }
        throw new ConfigurationException(
                "'" + name + "' is a whole number from " + least + " to " + most + ", not '" + value + "'");
    }

    /** Keys and values, in the order in which they were given first. */
    public Map<String, String> table(String name) {
        return Collections.unmodifiableMap(tables.getOrDefault(name, Map.of()));
    }

    private void readYaml(String section, Known known, Map<String, ?> yaml) throws ConfigurationException {
        for (Map.Entry<String, ?> entry : yaml.entrySet()) {
            String name = entry.getKey();
            boolean isPart = entry.getValue() instanceof Map || !known.has(name); // "server" is a part and an option
            if (known.sections().contains(name) && isPart) {
                if (name.equals(section) && entry.getValue() instanceof Map<?, ?> part) {
                    for (Map.Entry<?, ?> inner : part.entrySet()) {
                        readYamlKey(known, String.valueOf(inner.getKey()), inner.getValue());
                    }
                }
            } else {
                readYamlKey(known, name, entry.getValue());
            }
        }
    }

    private void readYamlKey(Known known, String name, Object value) throws ConfigurationException {
        if (known.tables().contains(name) && value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> put(name, String.valueOf(key), String.valueOf(each)));
        } else if (known.has(name)) {
            put(known, name, String.valueOf(value));
        } else {
            throw known.unknown("key", name);
        }
    }

    private void readEnvironment(Known known, Map<String, String> environment) {
        for (String name : known.valued()) {
            readVariable(name, environment);
        }
        for (String name : known.switches()) {
            readVariable(name, environment);
        }
    }

    private void readVariable(String name, Map<String, String> environment) {
        String value = environment.get("ENISHI_" + name.replace('-', '_').toUpperCase(Locale.ROOT));
        if (value != null) {
            values.put(name, value);
        }
    }

    private void readArguments(Known known, List<String> arguments) throws ConfigurationException {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            boolean inline = equals > 0;
            String name =
                    argument.startsWith("--") ? argument.substring(2, inline ? equals : argument.length()) : argument;
            if (!argument.startsWith("--") || !known.has(name)) {
                throw known.unknown("option", argument);
            }
            if (known.switches().contains(name)) {
                put(known, name, inline ? argument.substring(equals + 1) : "true");
            } else if (inline) {
                put(known, name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                put(known, name, arguments.get(++i));
            } else {
                throw new ConfigurationException("'--" + name + "' needs a value");
            }
        }
    }

    private void put(Known known, String name, String value) throws ConfigurationException {
        if (!known.tables().contains(name)) {
            values.put(name, value);
            return;
        }
        int equals = value.indexOf('=');
        if (equals <= 0) {
            throw new ConfigurationException("a " + name + " is written key=value, not '" + value + "'");
        }
        put(name, value.substring(0, equals), value.substring(equals + 1));
    }

    private void put(String table, String key, String value) {
        tables.computeIfAbsent(table, each -> new LinkedHashMap<>()).put(key, value);
    }
}
