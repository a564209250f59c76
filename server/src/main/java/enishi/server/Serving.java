package enishi.server;

import enishi.access.Secret;
import enishi.server.api.DependencyMetrics;
import enishi.server.api.Questions;
import enishi.server.http.Backups;
import enishi.server.http.Door;
import enishi.server.http.FirstStart;
import enishi.server.http.GzipDecoding;
import enishi.server.http.Metrics;
import enishi.server.http.Page;
import enishi.server.http.PageKey;
import enishi.server.http.Unreadable;
import enishi.server.ingest.Bounds;
import enishi.server.ingest.IngestCounters;
import enishi.server.ingest.Reports;
import enishi.server.ingest.Writer;
import enishi.server.store.Store;
import enishi.settings.ConfigurationException;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;

/** A running server: every stage wired to the next. */
final class Serving implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 4_096;
    private static final int SERIES_MAX = 20_000;
    private final Settings settings;
    private final Store store;
    private final Writer writer;
    private final Housekeeping housekeeping;
    private final WebServer web;

    private Serving(Settings settings, Store store, Writer writer, Housekeeping housekeeping, WebServer web) {
        this.settings = settings;
        this.store = store;
        this.writer = writer;
        this.housekeeping = housekeeping;
        this.web = web;
    }

    /** Starts to answer; the store belongs to the result from then on. */
    static Serving start(Settings settings, Store store, Secret secret, Clock clock)
            throws ConfigurationException, IOException {
        Optional<Tls> tls =
                settings.tls().isPresent() ? Optional.of(settings.tls().get().read()) : Optional.empty();
        int[] port = new int[1];
        PageKey pageKey = new PageKey(
                key -> FirstStart.write(settings.home().serverUrl(), settings.url(port[0]) + "/?key=" + key));
        Writer writer = new Writer(store);
        Housekeeping housekeeping = Housekeeping.start(store, settings.retention(), clock);
        IngestCounters counters = new IngestCounters();
        WebServerConfig.Builder builder = WebServer.builder()
                .address(settings.address())
                .port(settings.port())
                .shutdownHook(false)
                .contentEncoding(encodings ->
                        encodings.contentEncodingsDiscoverServices(false).addContentEncoding(new GzipDecoding()))
                .directHandlers(Unreadable.handlers())
                .maxPayloadSize(Bounds.COMPRESSED_BYTES_MAX)
                .maxTcpConnections(CONNECTIONS_MAX)
                // else the last part of an answer waits until the asker has acknowledged those before, 40 ms later
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing(routing -> {
                    new Door(secret, pageKey, tls.isPresent()).guard(routing);
                    routing.register(
                                    "/api/v1",
                                    new Reports(writer, housekeeping::minutesFrom, clock, counters),
                                    new Questions(store, settings.networks(), settings.infers(), clock),
                                    new Backups(store, settings.home().scratch()))
                            .register(
                                    "/",
                                    new Metrics(
                                            counters,
                                            store::tooLate,
                                            housekeeping::failures,
                                            new DependencyMetrics(store, settings.networks(), clock, SERIES_MAX)),
                                    new Page());
                });
        tls.ifPresent(builder::tls);
        WebServer web = builder.build().start();
        port[0] = web.port();
        pageKey.renew();
        return new Serving(settings, store, writer, housekeeping, web);
    }

    String url() {
        return settings.url(web.port());
    }

    /** Stops listening, writes what was received, closes the store. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(settings.home().serverUrl()); // nobody is to look for it here any more
        web.stop();
        writer.close();
        housekeeping.close();
        store.close();
    }
}
