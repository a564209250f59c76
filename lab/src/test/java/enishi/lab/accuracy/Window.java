package enishi.lab.accuracy;

import enishi.lab.RealProgram;
import enishi.lab.accuracy.Truth.Asked;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The time within which clients ask, seen by every method at once, and what of the truth was exercised in it. */
final class Window {
    private static final int END_SECONDS = 40;
    private final Laboratory laboratory;
    private final Map<String, Long> before;
    private final Instant began = Instant.now();
    private final RealProgram wire;
    private final Path captured;

    private Window(Laboratory laboratory) throws Exception {
        this.laboratory = laboratory;
        before = done(laboratory.folder());
        captured = Files.createTempFile(laboratory.folder(), "wire", ".txt");
        wire = RealProgram.start(laboratory.folder(), laboratory.wire(captured)).saying("ready");
    }

    /**
     * What came of a window.
     *
     * @param exercised lines that were seen to be exercised, and negatives that were
     * @param coverage how much of the window each rung says it watched
     * @param lost packets that the capture on the wire lost
     */
    record Outcome(
            Map<Method, Set<Seen>> told,
            Set<Line> exercised,
            Set<Line> left,
            Map<String, String> coverage,
            long lost,
            Map<String, Long> times) {
        Score score(Method method, Truth truth) {
            return Score.of(told.getOrDefault(method, Set.of()), truth, exercised);
        }
    }

    /** Lets clients ask for so long, and asks every method. */
    static Outcome run(Laboratory laboratory, int seconds, int burners) throws Exception {
        Window window = new Window(laboratory);
        Path go = laboratory.folder().resolve("go");
        List<Process> load = laboratory.load(burners, seconds + END_SECONDS);
        try {
            Files.createFile(go);
            TimeUnit.SECONDS.sleep(seconds);
        } finally {
            Files.deleteIfExists(go);
        }
        int code = window.wire.ended(END_SECONDS);
        Outcome outcome = window.outcome(code);
        load.forEach(Process::destroy);
        return outcome;
    }

    private Outcome outcome(int code) throws Exception {
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
        for (Map.Entry<Method, Installed> each : laboratory.installed().entrySet()) {
            Installed.Told answer = each.getValue().told(began, ended);
            told.put(each.getKey(), answer.seen());
            coverage.put(each.getKey().title(), answer.coverage());
        }
        Map<String, Long> times = new HashMap<>(done(laboratory.folder()));
        before.forEach((key, count) -> times.merge(key, -count, Long::sum));
        Predicate<Line> isExercised =
                line -> (line.asksByItself() || times.getOrDefault(line.key(), 0L) > 0) && isOnTheWire(line, talk);
        return new Outcome(
                told,
                Set.copyOf(laboratory.truth().of(isExercised)),
                Set.copyOf(laboratory.truth().of(isExercised.negate())),
                coverage,
                lost,
                times);
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

    /** How often each line's client said that it had done it. */
    private static Map<String, Long> done(Path folder) throws IOException {
        Path file = folder.resolve("done");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()))
                : Map.of();
    }

    /** Whether the switch saw what a line says; a silent connection and one inside a host pass no packet there. */
    private boolean isOnTheWire(Line line, List<Conversation> talk) {
        if (!line.isOnTheWire() || line.asks().getFirst().equals("hold")) {
            return true;
        }
        Site site = laboratory.site();
        boolean six = line.asks().contains("v6");
        String client =
                six ? site.v6(line.client().host()) : site.address(line.client().host());
        Asked asked = line.instead();
        String server = asked != null
                ? site.address(asked.host())
                : six
                        ? site.v6(line.server().host())
                        : site.address(line.server().host());
        int port = asked != null ? asked.port() : line.port();
        return talk.stream()
                .filter(each -> each.transport().equals(line.transport()) && each.isWith(server, port, client))
                .anyMatch(each -> isAsSaid(line, each));
    }

    private static boolean isAsSaid(Line line, Conversation each) {
        boolean isLog = line.transport().equals("udp") && line.tag().equals("log");
        return line.isDependency() ? isLog || !each.isInVain() : isInVainOrRefused(each);
    }

    private static boolean isInVainOrRefused(Conversation each) {
        return each.isInVain() || each.back() == 0;
    }
}
