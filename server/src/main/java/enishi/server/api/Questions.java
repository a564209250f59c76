package enishi.server.api;

import enishi.answer.Answer;
import enishi.answer.Change;
import enishi.answer.Comparison;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Hop;
import enishi.answer.Precision;
import enishi.server.graph.Changes;
import enishi.server.graph.Joined;
import enishi.server.graph.Level;
import enishi.server.graph.Listening;
import enishi.server.graph.Networks;
import enishi.server.graph.Node;
import enishi.server.store.KnownListener;
import enishi.server.store.Store;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The questions under {@code /api/v1}; {@code openapi.yaml} describes each. */
public final class Questions implements HttpService {
    private static final int AT_ONCE_MAX = 16;

    /** Lines of an export that are written by all processors before they are sent. */
    private static final int LINES_AT_ONCE = 4_096;

    /** Of an export that are sent at once: each part costs both sides a call of the kernel. */
    private static final int BYTES_AT_ONCE = 1 << 18;

    private static final Set<String> WINDOW = Set.of("since", "until", "at");
    private static final Set<String> PAGED_WINDOW = Set.of("since", "until", "at", "limit", "cursor");
    private final Store store;
    private final Networks networks;
    private final boolean infers;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    private final Semaphore everything = new Semaphore(1, true);
    private final List<Route> routes = List.of(
            new Route("/hosts", PAGED_WINDOW, this::hosts),
            new Route("/services", PAGED_WINDOW, this::services),
            new Route("/listeners", with(PAGED_WINDOW, "unused"), this::listeners),
            new Route(
                    "/dependencies", with(PAGED_WINDOW, "node", "by", "attempts", "depth"), asked -> ties(asked, true)),
            new Route(
                    "/dependents", with(PAGED_WINDOW, "node", "by", "attempts", "depth"), asked -> ties(asked, false)),
            new Route("/hops", with(PAGED_WINDOW, "node"), this::hops),
            new Route("/export", with(WINDOW, "by", "attempts"), this::export),
            new Route("/diff", Set.of("from", "to", "by", "limit"), this::diff));

    /** A question, where it is asked and the parameters it takes. */
    private record Route(String path, Set<String> parameters, Question question) {}

    /** One question on its way: who asks, with what, over what. */
    private record Asked(Asker asker, Parameters parameters, View view, Turn turn, ServerResponse response) {}

    private interface Question {
        void answer(Asked asked);
    }

    /**
     * Those about a store.
     *
     * @param networks what the ranges are called in which nobody is watched
     * @param infers whether to answer what was not observed but inferred
     */
    public Questions(Store store, Networks networks, boolean infers, Clock clock) {
        this.infers = infers;
        this.store = store;
        this.networks = networks;
        this.clock = clock;
    }

    /** The parameters of each question, by its path. */
    public Map<String, Set<String>> parameters() {
        return routes.stream().collect(Collectors.toMap(Route::path, Route::parameters));
    }

    private static Set<String> with(Set<String> common, String... own) {
        Set<String> all = new HashSet<>(common);
        all.addAll(List.of(own));
        return Set.copyOf(all);
    }

    @Override
    public void routing(HttpRules rules) {
        routes.forEach(route -> rules.get(route.path(), bounded(route)));
        rules.get("/openapi.yaml", Questions::description);
    }

    private Handler bounded(Route route) {
        return (request, response) -> {
            if (!places.tryAcquire()) {
                response.header(HeaderNames.RETRY_AFTER, "1");
                throw new Refusal(
                        Status.SERVICE_UNAVAILABLE_503,
                        AT_ONCE_MAX + " questions are being answered already; ask again in a second");
            }
            try (Turn turn = new Turn(everything)) {
                Asker asker = Asker.of(request);
                Parameters parameters = new Parameters(request, route.parameters());
                Instant now = clock.instant();
                View view = new View(store, networks, parameters.window(now), now, turn);
                route.question().answer(new Asked(asker, parameters, view, turn, response));
            } finally {
                places.release();
            }
        };
    }

    private void hops(Asked asked) {
        if (!infers) {
            throw new Refusal(
                    Status.NOT_FOUND_404,
                    "nothing is inferred here: the server's setting 'no-inference' is on; dependencies are observed");
        }
        View view = asked.view();
        Node node = asked.asker().node(asked.parameters().required("node"), view.hosts());
        List<Paging.Item<Hop>> items = Hopping.of(view, node);
        CoverageVerdict coverage = view.coverage(node, List.of());
        List<String> notes = new ArrayList<>(Notes.of(view.precision(), coverage));
        if (items.stream().anyMatch(each -> !each.value().inferred().isEmpty())) {
            notes.add(Notes.INFERRED);
        }
        send(asked, Paging.page(view.window(), items, asked.parameters()), coverage, notes);
    }

    private void hosts(Asked asked) {
        answer(
                asked,
                Inventory.hosts(asked.view().hosts().all().stream()
                        .filter(known -> asked.asker().mayRead(known.host().id()))
                        .toList()));
    }

    private void services(Asked asked) {
        answer(
                asked,
                Inventory.services(
                        mine(asked, asked.view().listeners()), asked.view().hosts()));
    }

    private void listeners(Asked asked) {
        View view = asked.view();
        Collection<KnownListener> all = view.listeners();
        if (asked.parameters().on("unused")) {
            all = new Listening(all).unused(view.all(Level.PROCESS, joined -> !joined.attempt()));
        }
        answer(asked, Inventory.listeners(mine(asked, all), view.hosts()));
    }

    private static List<KnownListener> mine(Asked asked, Collection<KnownListener> all) {
        return all.stream()
                .filter(each -> asked.asker().mayRead(each.listener().host()))
                .toList();
    }

    private static <T> void answer(Asked asked, List<Paging.Item<T>> items) {
        CoverageVerdict coverage =
                asked.view().coverage(asked.asker().only().map(Set::of).orElse(Set.of()));
        send(
                asked,
                Paging.page(asked.view().window(), items, asked.parameters()),
                coverage,
                Notes.of(asked.view().precision(), coverage));
    }

    private void ties(Asked asked, boolean asClient) {
        View view = asked.view();
        Parameters parameters = asked.parameters();
        Node node = asked.asker().node(parameters.required("node"), view.hosts());
        boolean attempts = parameters.on("attempts");
        Predicate<Joined> which =
                joined -> joined.attempt() == attempts && (asClient ? node.isClient(joined) : node.isServer(joined));
        int depth = parameters.depth();
        if (depth > 1) {
            asked.asker().requireAll("going beyond a host's own dependencies");
        }
        List<Joined> found = depth == 1
                ? view.about(node, parameters.level(), which)
                : view.reach(parameters.level(), which, depth, asClient);
        List<Paging.Item<Dependency>> items = found.stream()
                .map(each -> new Paging.Item<>(each.dependency(), each.identity()))
                .toList();
        CoverageVerdict coverage = depth == 1 ? view.coverage(node, found) : view.coverage(Set.of());
        send(
                asked,
                Paging.page(view.window(), items, parameters),
                coverage,
                Notes.of(view.precision(), coverage, found));
    }

    private static <T> void send(Asked asked, Paging.Page<T> page, CoverageVerdict coverage, List<String> notes) {
        View view = asked.view();
        Answer<T> answer = new Answer<>(
                view.window().from(), view.window().to(), page.items(), page.next(), view.precision(), notes, coverage);
        asked.response().header(HeaderNames.CONTENT_TYPE, "application/json").send(Json.bytes(answer));
    }

    /** One dependency a line; the last line holds the window, the notes and the coverage. */
    private void export(Asked asked) {
        asked.asker().requireAll("exporting everything");
        View view = asked.view();
        boolean attempts = asked.parameters().on("attempts");
        List<Joined> items = view.all(asked.parameters().level(), joined -> joined.attempt() == attempts);
        CoverageVerdict coverage = view.coverage(Set.of());
        Trailer trailer = new Trailer(
                view.window().from(),
                view.window().to(),
                view.precision(),
                Notes.of(view.precision(), coverage, items),
                coverage);
        asked.response().header(HeaderNames.CONTENT_TYPE, "application/jsonl");
        try (OutputStream out = new BufferedOutputStream(asked.response().outputStream(), BYTES_AT_ONCE)) {
            for (int from = 0; from < items.size(); from += LINES_AT_ONCE) {
                List<Joined> some = items.subList(from, Math.min(from + LINES_AT_ONCE, items.size()));
                for (byte[] each : some.parallelStream()
                        .map(Joined::dependency)
                        .map(Json::bytes)
                        .toList()) {
                    out.write(each);
                    out.write('\n');
                }
            }
            out.write(Json.bytes(trailer));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("sending an export failed", e);
        }
    }

    private void diff(Asked asked) {
        asked.asker().requireAll("comparing everything");
        Parameters parameters = asked.parameters();
        Instant now = clock.instant();
        View before = new View(store, networks, parameters.span("from", now, Optional.empty()), now, asked.turn());
        View after = new View(store, networks, parameters.span("to", now, Optional.of("now")), now, asked.turn());
        Level level = parameters.level(Level.SERVICE);
        Changes.Side earlier = before.side(level);
        Changes.Side later = after.side(level);
        List<Changes.Changed> all = Changes.between(earlier, later).stream()
                .sorted(Comparator.comparing(Changes.Changed::latest, View.ORDER))
                .toList();
        List<Change> items = all.stream()
                .limit(parameters.limit())
                .map(Changes.Changed::change)
                .toList();
        List<String> notes = Stream.of(
                        Notes.of(before.precision(), earlier.coverage(), earlier.all()),
                        Notes.of(after.precision(), later.coverage(), later.all()))
                .flatMap(List::stream)
                .distinct()
                .toList();
        Comparison answer =
                new Comparison(told(before, earlier), told(after, later), items, all.size() - items.size(), notes);
        asked.response().header(HeaderNames.CONTENT_TYPE, "application/json").send(Json.bytes(answer));
    }

    private static Comparison.Told told(View view, Changes.Side side) {
        return new Comparison.Told(side.window().from(), side.window().to(), view.precision(), side.coverage());
    }

    /** The last line of an export. */
    public record Trailer(
            Instant from, Instant to, Precision precision, List<String> notes, CoverageVerdict coverage) {}

    private static void description(ServerRequest request, ServerResponse response) throws IOException {
        try (var file = Questions.class.getResourceAsStream("/openapi.yaml")) {
            if (file == null) {
                throw new IOException("openapi.yaml is missing from the server's jar");
            }
            response.header(HeaderNames.CONTENT_TYPE, "application/yaml").send(file.readAllBytes());
        }
    }
}
