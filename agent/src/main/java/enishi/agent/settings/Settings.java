package enishi.agent.settings;

import enishi.model.HostId;
import enishi.model.Rung;
import enishi.settings.ConfigurationException;
import enishi.settings.Home;
import enishi.settings.Nearest;
import enishi.settings.Options;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one agent was told: flags over environment over {@code enishi.yaml}.
 *
 * @param home the state folder
 * @param server where reports go; empty: what the home's server.url says, else the default
 * @param tokenFile holds the token of this host
 * @param tlsCa PEM file of the authorities to trust; empty: those of the JDK
 * @param hostId overrides who this host is
 * @param hostName overrides the hostname
 * @param labels site, zone, rack, role and free ones
 * @param rung pinned for tests and comparisons; empty: the best that can be had
 * @param udpBytes whether to count the bytes of datagrams, which costs the host more
 * @param names whether to learn what names programs look up
 * @param containerRuntimeSocket a socket that serves Docker's API, asked for the names of containers; empty: nobody is
 * @param spoolMib how much of the disk reports may take while the server is away
 * @param flushSeconds how long counts stay in memory at most
 * @param insecurePlainHttp whether the token may travel in clear to another host
 */
public record Settings(
        Home home,
        Optional<String> server,
        Path tokenFile,
        Optional<Path> tlsCa,
        Optional<HostId> hostId,
        Optional<String> hostName,
        Map<String, String> labels,
        Optional<Rung> rung,
        boolean udpBytes,
        boolean names,
        Optional<Path> containerRuntimeSocket,
        int spoolMib,
        int flushSeconds,
        boolean insecurePlainHttp) {
    private static final Set<String> NOT_IN_FILES = Set.of("home", "config");
    private static final int NAME_CHARS_MAX = 253;
    private static final int LABELS_MAX = 32;
    private static final Options.Known KNOWN = new Options.Known(
            Set.of(
                    "home",
                    "config",
                    "server",
                    "token-file",
                    "tls-ca",
                    "host-id",
                    "host-name",
                    "rung",
                    "container-runtime-socket",
                    "spool-mib",
                    "flush-seconds"),
            Set.of("insecure-plain-http", "udp-bytes", "no-names"),
            Set.of("label"),
            Set.of("agent", "server"));

    /** Reads the three sources. @throws ConfigurationException on the first thing that cannot be used */
    public static Settings of(List<String> arguments, Map<String, String> environment, Home otherwise)
            throws ConfigurationException {
        Options given = Options.of("agent", KNOWN, arguments, environment, Map.of());
        Optional<Path> stated = path(given, "home");
        Home home = stated.isPresent() ? new Home(stated.get()) : otherwise;
        Optional<Path> named = path(given, "config");
        Map<String, ?> file = named.isPresent() ? YamlFile.read(named.get()) : YamlFile.readIfThere(home);
        refuseMisplaced(file);
        return of(Options.of("agent", KNOWN, arguments, environment, file), home);
    }

    private static Settings of(Options options, Home home) throws ConfigurationException {
        return new Settings(
                home,
                options.text("server"),
                path(options, "token-file").orElse(home.agentToken()),
                path(options, "tls-ca"),
                hostId(options.text("host-id")),
                hostName(options.text("host-name")),
                labels(options.table("label")),
                rung(options.text("rung")),
                options.on("udp-bytes"),
                !options.on("no-names"),
                path(options, "container-runtime-socket"),
                (int) options.number("spool-mib", 64, 4, 16_384),
                (int) options.number("flush-seconds", 15, 1, 60),
                options.on("insecure-plain-http"));
    }

    private static void refuseMisplaced(Map<String, ?> file) throws ConfigurationException {
        for (String name : NOT_IN_FILES) {
            boolean inPart = file.get("agent") instanceof Map<?, ?> part && part.containsKey(name);
            if (file.containsKey(name) || inPart) {
                throw new ConfigurationException("'" + name
                        + "' cannot be set in a configuration file; give it as a flag or in the environment");
            }
        }
    }

    private static Optional<Path> path(Options options, String name) throws ConfigurationException {
        Optional<String> text = options.text(name);
        if (text.isEmpty() || text.get().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text.get()).toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new ConfigurationException("'" + name + "' is a path, not '" + text.get() + "'");
        }
    }

    private static Optional<HostId> hostId(Optional<String> text) throws ConfigurationException {
        try {
            return text.map(HostId::parse);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("'host-id' is 32 hexadecimal digits, not '" + text.orElseThrow() + "'");
        }
    }

    private static Optional<String> hostName(Optional<String> text) throws ConfigurationException {
        if (text.isPresent() && (text.get().isBlank() || text.get().length() > NAME_CHARS_MAX)) {
            throw new ConfigurationException("'host-name' has between 1 and " + NAME_CHARS_MAX + " characters");
        }
        return text;
    }

    private static Map<String, String> labels(Map<String, String> labels) throws ConfigurationException {
        if (labels.size() > LABELS_MAX) {
            throw new ConfigurationException("at most " + LABELS_MAX + " labels, not " + labels.size());
        }
        for (Map.Entry<String, String> each : labels.entrySet()) {
            if (!each.getKey().matches("[a-z][a-z0-9_.-]{0,62}")
                    || each.getValue().isBlank()
                    || each.getValue().length() > NAME_CHARS_MAX) {
                throw new ConfigurationException(
                        "a label is written key=value with a key like 'site' and a value of at most " + NAME_CHARS_MAX
                                + " characters, not '" + each.getKey() + "=" + each.getValue() + "'");
            }
        }
        return labels;
    }

    private static Optional<Rung> rung(Optional<String> text) throws ConfigurationException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Rung> rung = Arrays.stream(Rung.values())
                .filter(each -> each.label().equals(text.get()))
                .findFirst();
        if (rung.isEmpty()) {
            List<String> labels = Arrays.stream(Rung.values()).map(Rung::label).toList();
            throw new ConfigurationException("'rung' is one of " + String.join(", ", labels) + ", not '" + text.get()
                    + "'; the nearest is '" + Nearest.of(text.get(), labels) + "'");
        }
        return rung;
    }
}
