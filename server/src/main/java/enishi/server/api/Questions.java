package enishi.server.api;

import enishi.answer.Answer;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.model.HostId;
import enishi.model.Window;
import enishi.server.graph.Joined;
import enishi.server.graph.Node;
import enishi.server.store.FlowFilter;
import enishi.server.store.KnownListener;
import enishi.server.store.Store;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/** The questions under {@code /api/v1}. */
public final class Questions implements HttpService {
    private static final int AT_ONCE_MAX = 16;
    private final Store store;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);

    public Questions(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/hosts", bounded(this::hosts))
                .get("/services", bounded(this::services))
                .get("/listeners", bounded(this::listeners))
                .get("/dependencies", bounded((request, response) -> ties(request, response, true)))
                .get("/dependents", bounded((request, response) -> ties(request, response, false)))
                .get("/export", bounded(this::export));
    }

    private interface Question {
        void answer(ServerRequest request, ServerResponse response);
    }

    private io.helidon.webserver.http.Handler bounded(Question question) {
        return (request, response) -> {
            if (!places.tryAcquire()) {
                response.header(HeaderNames.RETRY_AFTER, "1");
                throw new Refusal(
                        Status.SERVICE_UNAVAILABLE_503,
                        AT_ONCE_MAX + " questions are being answered already; ask again in a second");
            }
            try {
                question.answer(request, response);
            } finally {
                places.release();
            }
        };
    }

    private Parameters parameters(ServerRequest request, String... own) {
        Set<String> known = new HashSet<>(Parameters.WINDOW);
        known.addAll(Parameters.PAGE);
        known.addAll(List.of(own));
        return new Parameters(request, known);
    }

    private View view(Parameters parameters) {
        Instant now = clock.instant();
        return new View(store, parameters.window(now), now);
    }

    private void hosts(ServerRequest request, ServerResponse response) {
        Parameters parameters = parameters(request);
        View view = view(parameters);
        Asker asker = Asker.of(request);
        List<HostItem> items = view.hosts().all().stream()
                .filter(known -> asker.mayRead(known.host().id()))
                .map(Inventory::host)
                .sorted(Comparator.comparing(HostItem::host).thenComparing(HostItem::hostId))
                .toList();
        send(response, page(view.window(), items, parameters, view.coverage(asker::mayRead)));
    }

    private void services(ServerRequest request, ServerResponse response) {
        Parameters parameters = parameters(request);
        View view = view(parameters);
        Asker asker = Asker.of(request);
        List<KnownListener> mine = mine(view, asker);
        send(
                response,
                page(view.window(), Inventory.services(mine, view.hosts()), parameters, view.coverage(asker::mayRead)));
    }

    private static List<KnownListener> mine(View view, Asker asker) {
        return view.listeners().stream()
                .filter(each -> asker.mayRead(each.listener().host()))
                .toList();
    }

    private void listeners(ServerRequest request, ServerResponse response) {
        Parameters parameters = parameters(request, "unused");
        View view = view(parameters);
        Asker asker = Asker.of(request);
        List<KnownListener> mine = new ArrayList<>(mine(view, asker));
        if (parameters.on("unused")) {
            List<Dependency> used = view.dependencies(FlowFilter.ALL, joined -> !joined.attempt());
            mine.removeIf(each -> used.stream().anyMatch(dependency -> Unused.isUsed(each, dependency, view.hosts())));
        }
        List<ListenerItem> items = mine.stream()
                .map(each -> Inventory.listener(each, view.hosts()))
                .sorted(Comparator.comparing(ListenerItem::host)
                        .thenComparingInt(each -> each.port() == null ? 0 : each.port())
                        .thenComparing(ListenerItem::address))
                .toList();
        send(response, page(view.window(), items, parameters, view.coverage(asker::mayRead)));
    }

    private void ties(ServerRequest request, ServerResponse response, boolean asClient) {
        Parameters parameters = parameters(request, "node", "by", "attempts");
        View view = view(parameters);
        Node node = Asker.of(request).node(parameters.required("node"), view.hosts());
        boolean attempts = parameters.on("attempts");
        Predicate<Joined> which =
                joined -> joined.attempt() == attempts && (asClient ? node.isClient(joined) : node.isServer(joined));
        List<Dependency> items = parameters.level().fold(view.dependencies(view.filter(node), which));
        send(response, page(view.window(), items, parameters, view.coverage(view.concerned(node))));
    }

    /** One dependency a line; the last line holds the window and the coverage. */
    private void export(ServerRequest request, ServerResponse response) {
        Parameters parameters = parameters(request, "by", "attempts");
        Asker.of(request).requireAll("exporting everything");
        View view = view(parameters);
        boolean attempts = parameters.on("attempts");
        List<Dependency> items =
                parameters.level().fold(view.dependencies(FlowFilter.ALL, joined -> joined.attempt() == attempts));
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        items.forEach(each -> line(lines, each));
        Predicate<HostId> all = host -> true;
        line(lines, new Trailer(view.window().from(), view.window().to(), view.coverage(all)));
        response.header(HeaderNames.CONTENT_TYPE, "application/jsonl").send(lines.toByteArray());
    }

    /** The last line of an export. */
    public record Trailer(Instant from, Instant to, CoverageVerdict coverage) {}

    private static void line(ByteArrayOutputStream lines, Object item) {
        lines.writeBytes(Json.bytes(item));
        lines.write('\n');
    }

    private static <T> Answer<T> page(Window window, List<T> items, Parameters parameters, CoverageVerdict coverage) {
        int from = Math.min(parameters.offset(), items.size());
        int to = Math.min(from + parameters.limit(), items.size());
        String next = to < items.size() ? Integer.toString(to) : null;
        return new Answer<>(window.from(), window.to(), items.subList(from, to), next, Notes.of(coverage), coverage);
    }

    private static void send(ServerResponse response, Answer<?> answer) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json").send(Json.bytes(answer));
    }
}
