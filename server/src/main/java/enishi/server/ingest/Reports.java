package enishi.server.ingest;

import enishi.access.Identity;
import enishi.model.Report;
import enishi.server.api.Refusal;
import enishi.server.store.Received;
import enishi.server.store.StoreException;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * {@code POST /api/v1/reports}: protobuf, perhaps gzipped, from an agent about its own host; 204 once it is on disk.
 */
public final class Reports implements HttpService {
    private final Writer writer;
    private final LongSupplier minutesFrom;
    private final InstantSource clock;
    private final IngestCounters counters;
    private final Rate rate;

    /**
     * Takes reports.
     *
     * @param minutesFrom tells the first minute of which minute rows are kept
     */
    public Reports(Writer writer, LongSupplier minutesFrom, InstantSource clock, IngestCounters counters) {
        this.writer = writer;
        this.minutesFrom = minutesFrom;
        this.clock = clock;
        this.counters = counters;
        this.rate = new Rate(clock);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/reports", this::receive).any("/reports", (request, response) -> {
            response.header(HeaderNames.ALLOW, "POST");
            throw new Refusal(Status.METHOD_NOT_ALLOWED_405, "reports are sent here by POST, and read nowhere");
        });
    }

    private void receive(ServerRequest request, ServerResponse response) {
        counters.received.increment();
        Report report;
        try {
            report = read(request);
        } catch (Refusal refusal) {
            boolean again = refusal.status().equals(Status.TOO_MANY_REQUESTS_429);
            (again ? counters.failed : counters.refused).increment();
            if (again) {
                response.header(HeaderNames.RETRY_AFTER, "5");
            }
            throw refusal;
        }
        store(report, response);
    }

    private Report read(ServerRequest request) {
        if (!(request.context().get(Identity.class).orElse(null) instanceof Identity.Agent agent)) {
            throw new Refusal(Status.FORBIDDEN_403, "only an agent reports; this token is a viewer's");
        }
        if (!rate.allows(agent.host())) {
            throw new Refusal(Status.TOO_MANY_REQUESTS_429, "this host reports too often; wait and send again");
        }
        Report report;
        try {
            report = ReportCodec.decode(body(request));
        } catch (MalformedReportException e) {
            throw new Refusal(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        }
        if (!report.host().id().equals(agent.host())) {
            throw new Refusal(
                    Status.FORBIDDEN_403,
                    "this token is host " + agent.host() + "'s, the report is about host "
                            + report.host().id());
        }
        Bounds.refuse(report, clock.instant(), minutesFrom.getAsLong()).ifPresent(why -> {
            throw new Refusal(Status.UNPROCESSABLE_CONTENT_422, why);
        });
        return report;
    }

    /** The body as unpacked by the web server, which bounds what comes over the wire; here is the bound beyond that. */
    private static byte[] body(ServerRequest request) {
        if (!request.content().hasEntity()) {
            throw new Refusal(Status.BAD_REQUEST_400, "the report has no body");
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(Bounds.REPORT_BYTES_MAX + 1);
            if (bytes.length > Bounds.REPORT_BYTES_MAX) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Refusal(Status.BAD_REQUEST_400, "the report's body could not be read: " + e.getMessage());
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(
                Status.REQUEST_ENTITY_TOO_LARGE_413,
                "a report has at most " + Bounds.COMPRESSED_BYTES_MAX + " bytes, " + Bounds.REPORT_BYTES_MAX
                        + " once unpacked");
    }

    private void store(Report report, ServerResponse response) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!writer.offer(new Received(report, clock.millis()), done)) {
            counters.failed.increment();
            response.header(HeaderNames.RETRY_AFTER, "2");
            throw new Refusal(
                    Status.SERVICE_UNAVAILABLE_503, "more reports wait than the store can take; send again later");
        }
        try {
            done.join();
        } catch (CompletionException e) {
            counters.failed.increment();
            throw e.getCause() instanceof StoreException failure ? failure : e;
        }
        counters.stored.increment();
        counters.observations.add(report.flows().stream()
                .mapToLong(each -> each.observations().size())
                .sum());
        response.status(Status.NO_CONTENT_204).send();
    }
}
