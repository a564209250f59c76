package enishi.agent.settings;

import enishi.model.Address;
import enishi.settings.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where reports go. Without a stated address it is asked anew each time: the server of this home may come later, or
 * come back on another port.
 */
public final class ServerAddress {
    public static final String DEFAULT = "http://127.0.0.1:4649";
    private final Optional<String> stated;
    private final Path serverUrl;
    private final boolean plainHttp;

    private ServerAddress(Settings settings) {
        stated = settings.server();
        serverUrl = settings.home().serverUrl();
        plainHttp = settings.insecurePlainHttp();
    }

    public static ServerAddress of(Settings settings) throws ConfigurationException {
        ServerAddress address = new ServerAddress(settings);
        if (address.stated.isPresent()) {
            address.parse(address.stated.get());
        }
        return address;
    }

    /** Scheme, host and port. */
    public URI now() throws IOException {
        try {
            return parse(stated.isPresent() ? stated.get() : ofThisHome());
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private String ofThisHome() throws IOException {
        if (!Files.isReadable(serverUrl)) {
            return DEFAULT;
        }
        return Files.readString(serverUrl, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse(DEFAULT);
    }

    private URI parse(String text) throws ConfigurationException {
        URI uri = uri(text);
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        if (host == null || !(secure || "http".equalsIgnoreCase(uri.getScheme()))) {
            throw new ConfigurationException(
                    "'server' is an address like https://map.example:4649, not '" + text + "'");
        }
        if (!secure && !plainHttp && !isLoopback(host)) {
            throw new ConfigurationException("over plain http the token would travel to " + host
                    + " in clear; use https, or in a laboratory --insecure-plain-http");
        }
        return uri.resolve("/");
    }

    private static URI uri(String text) throws ConfigurationException {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new ConfigurationException(
                    "'server' is an address like https://map.example:4649, not '" + text + "'");
        }
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return Address.parse(host.replaceAll("[\\[\\]]", "")).isLoopback();
        } catch (IllegalArgumentException e) {
            return false; // a name: what it resolves to may change after we looked
        }
    }
}
