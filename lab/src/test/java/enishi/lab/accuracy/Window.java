package enishi.lab.accuracy;

import enishi.lab.RealProgram;
import enishi.lab.accuracy.Truth.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The time within which clients ask, seen by every method at once, and what of the truth was exercised in it. */
final class Window {
    private static final int END_SECONDS = 40;
    private final Laboratory laboratory;
    private final Instant began = Instant.now();
    private final RealProgram wire;
    private final Path captured;

    private Window(Laboratory laboratory) throws Exception {
        this.laboratory = laboratory;
        captured = Files.createTempFile(laboratory.folder(), "wire", ".txt");
        wire = RealProgram.start(laboratory.folder(), laboratory.wire(captured)).saying("ready");
    }

    /**
     * What came of a window.
     *
     * @param exercised lines that were seen to be exercised, and negatives that were
     * @param unwatched those of them that were while a rung says that nobody watched one of the two hosts, and only then
     * @param coverage how much of the window each rung says it watched
     * @param lost packets that the capture on the wire lost
     * @param untold kills of agents that their rung does not say left a gap
     * @param evidence what was killed when, what each rung calls a gap, and when each client said that it had asked
     */
    record Outcome(
            Map<Method, Set<Seen>> told,
            Set<Line> exercised,
            Set<Line> left,
            Map<Method, Set<Line>> unwatched,
            Map<String, String> coverage,
            long lost,
            List<Kills.Kill> kills,
            List<Kills.Kill> untold,
            String evidence) {
        Score score(Method method, Truth truth) {
            Set<Line> judged = new HashSet<>(exercised);
            judged.removeAll(unwatched.getOrDefault(method, Set.of()));
            return Score.of(told.getOrDefault(method, Set.of()), truth, judged);
        }
    }

    /**
     * Lets clients ask for so long, and asks every method.
     *
     * @param kills how often meanwhile servers and a part of the agents are killed
     */
    static Outcome run(Laboratory laboratory, int seconds, int burners, int kills) throws Exception {
        Window window = new Window(laboratory);
        Path go = laboratory.folder().resolve("go");
        List<Process> load = laboratory.load(burners, seconds + END_SECONDS);
        List<Kills.Kill> done;
        try {
            Files.createFile(go);
            done = Kills.during(laboratory, seconds, kills);
        } finally {
            Files.deleteIfExists(go);
        }
        int code = window.wire.ended(END_SECONDS);
        Outcome outcome = window.outcome(code, done);
        load.forEach(Process::destroy);
        return outcome;
    }

    private Outcome outcome(int code, List<Kills.Kill> kills) throws Exception {
        if (code != 0) {
            throw new IllegalStateException("the capture on the wire failed: " + wire.said());
        }
        Instant ended = Instant.now();
        List<String> lines = Files.readAllLines(captured);
        long lost = Long.parseLong(lines.getFirst().substring("lost ".length()));
        String map = laboratory.site().address(Site.MAP);
        List<Conversation> talk = lines.stream()
                .skip(1)
                .map(Conversation::of)
                .filter(each ->
                        !each.source().equals(map) && !each.destination().equals(map))
                .toList();
        Map<Method, Set<Seen>> told = new HashMap<>(passive(talk, ended));
        Map<String, String> coverage = new HashMap<>();
        Map<Method, Watched> watched = new HashMap<>();
        for (Map.Entry<Method, Installed> each : laboratory.installed().entrySet()) {
            Installed.Told answer = each.getValue().told(began, ended);
            told.put(each.getKey(), answer.seen());
            coverage.put(each.getKey().title(), answer.coverage());
            watched.put(each.getKey(), answer.watched());
        }
        Exercise exercise = new Exercise(laboratory.site(), Exercise.said(laboratory.folder(), began), talk);
        Map<Method, Set<Line>> unwatched = new HashMap<>();
        watched.forEach((method, span) -> unwatched.put(
                method,
                Set.copyOf(laboratory.truth().of(each -> exercise.has(each) && !exercise.hasWhile(each, span)))));
        return new Outcome(
                told,
                Set.copyOf(laboratory.truth().of(exercise::has)),
                Set.copyOf(laboratory.truth().of(each -> !exercise.has(each))),
                unwatched,
                coverage,
                lost,
                kills,
                kills.stream()
                        .filter(each -> !watched.getOrDefault(each.method(), Watched.NOTHING)
                                .lacks(each.host(), each.at()))
                        .toList(),
                "killed " + kills + "; " + watched + "; asked " + exercise.said());
    }

    private Map<Method, Set<Seen>> passive(List<Conversation> talk, Instant ended) throws IOException {
        Addresses addresses = laboratory.site().addresses();
        Map<String, List<Reading>> readings = new HashMap<>();
        for (String host : laboratory.site().names()) {
            readings.put(
                    host,
                    Reading.of(Files.readAllLines(laboratory.polled(host))).stream()
                            .filter(each ->
                                    each.millis() >= began.toEpochMilli() && each.millis() <= ended.toEpochMilli())
                            .toList());
        }
        Function<Polling, Set<Seen>> polled = rule -> withoutMap(rule.tell(readings, addresses));
        return Map.of(
                Method.SHAWK, polled.apply(Polling.shawk()),
                Method.SS_1, polled.apply(Polling.established(1)),
                Method.SS_10, polled.apply(Polling.established(10)),
                Method.FIRST_PACKET, FirstPacket.tell(talk, addresses),
                Method.NSDMINER_EXCLUSIVE, NsdMiner.exclusive(services()).tell(talk, addresses),
                Method.NSDMINER_SHARED, NsdMiner.shared(services()).tell(talk, addresses));
    }

    private Map<NsdMiner.Service, String> services() {
        Map<NsdMiner.Service, String> services = new HashMap<>();
        for (Line each : laboratory.truth().of(Line::isDependency)) {
            services.put(
                    new NsdMiner.Service(each.server().host(), each.transport(), each.port()),
                    each.server().name());
        }
        return services;
    }

    /** Enishi's own connections are no part of what is scored. */
    private static Set<Seen> withoutMap(Set<Seen> told) {
        return told.stream()
                .filter(each -> !each.clientHost().equals(Site.MAP)
                        && !each.serverHost().equals(Site.MAP))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
