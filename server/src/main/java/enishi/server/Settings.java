package enishi.server;

import enishi.server.graph.Networks;
import enishi.server.http.TlsFiles;
import enishi.server.store.Retention;
import enishi.settings.ConfigurationException;
import enishi.settings.Home;
import enishi.settings.Options;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one server runs by.
 *
 * @param address to listen on; loopback unless TLS is configured
 * @param port to listen on; 0 lets the kernel choose
 * @param insecure plain HTTP beyond loopback, for a laboratory
 * @param storeMemoryMib what the store may use
 * @param storeReserveMib free disk below which the store takes nothing more
 * @param retention how long what is kept
 * @param networks what the ranges are called in which nobody is watched
 * @param infers whether to answer what was not observed but inferred
 */
record Settings(
        Home home,
        InetAddress address,
        int port,
        Optional<TlsFiles> tls,
        boolean insecure,
        int storeMemoryMib,
        int storeReserveMib,
        Retention retention,
        Networks networks,
        boolean infers) {
    static final Options.Known KNOWN = new Options.Known(
            Set.of(
                    "home",
                    "listen",
                    "tls-cert",
                    "tls-key",
                    "store-memory-mib",
                    "store-disk-mib",
                    "store-reserve-mib",
                    "keep-minutes-hours",
                    "config"),
            Set.of("insecure-plain-http", "no-inference"),
            Set.of("network", "label"), // which is the agent's, and may stand where it serves every process
            Set.of("agent", "server"));
    private static final String LISTEN = "127.0.0.1:4649";

    static Settings of(Home home, List<String> arguments, Map<String, String> environment, Map<String, ?> yaml)
            throws ConfigurationException {
        Options options = Options.of("server", KNOWN, arguments, environment, yaml);
        String listen = options.text("listen").orElse(LISTEN);
        int colon = listen.lastIndexOf(':');
        Settings settings = new Settings(
                home,
                address(listen, colon),
                port(listen, colon),
                tls(options),
                options.on("insecure-plain-http"),
                (int) options.number("store-memory-mib", 512, 64, 1 << 20),
                (int) options.number("store-reserve-mib", 512, 0, 1 << 20),
                retention(options),
                networks(options),
                !options.on("no-inference"));
        if (!settings.address().isLoopbackAddress() && settings.tls().isEmpty() && !settings.insecure()) {
            throw new ConfigurationException(
                    "listening on " + listen + " is refused: tokens and the map would travel in"
                            + " clear; give --tls-cert and --tls-key, or listen on 127.0.0.1"
                            + " (a laboratory may say --insecure-plain-http)");
        }
        return settings;
    }

    private static Retention retention(Options options) throws ConfigurationException {
        long mebibytes = options.number("store-disk-mib", Long.MAX_VALUE >> 20, 64, Long.MAX_VALUE >> 20);
        return new Retention(
                (int) options.number("keep-minutes-hours", Retention.DEFAULT.minuteHours(), 2, 24 * 366),
                mebibytes == Long.MAX_VALUE >> 20 ? Long.MAX_VALUE : mebibytes << 20);
    }

    private static Networks networks(Options options) throws ConfigurationException {
        try {
            return Networks.of(options.table("network"));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    private static InetAddress address(String listen, int colon) throws ConfigurationException {
        try {
            String host = colon < 0 ? listen : listen.substring(0, colon);
            return InetAddress.getByName(host.replace("[", "").replace("]", ""));
        } catch (UnknownHostException e) {
            throw new ConfigurationException(
                    "'listen' is HOST:PORT with an address of this host, not '" + listen + "'");
        }
    }

    private static int port(String listen, int colon) throws ConfigurationException {
        try {
            int port = Integer.parseInt(listen.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 0xffff) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new ConfigurationException("'listen' is HOST:PORT, not '" + listen + "'");
        }
        throw new ConfigurationException("'listen' is HOST:PORT, not '" + listen + "'");
    }

    private static Optional<TlsFiles> tls(Options options) throws ConfigurationException {
        Optional<String> certificate = options.text("tls-cert");
        Optional<String> key = options.text("tls-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigurationException("--tls-cert and --tls-key go together");
        }
        return certificate.map(file -> new TlsFiles(Path.of(file), Path.of(key.orElseThrow())));
    }

    /** The address users and agents reach this server by. */
    String url(int actualPort) {
        String host = address.isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : address.getHostAddress();
        return (tls.isPresent() ? "https" : "http") + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + actualPort;
    }
}
