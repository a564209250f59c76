package enishi.lab.accuracy;

import enishi.lab.OpenFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs windows, quiet and under load in turn, and prints what each method told of them; {@code lab/accuracy} starts it. */
final class AccuracyRun {
    private static final List<Method> RUNGS = List.of(Method.ENISHI_EBPF, Method.ENISHI_SOCK_DIAG);

    /** Of the quiet windows and of those under load. */
    private final Map<String, List<Map<Method, Score>>> scores =
            Map.of("quiet", new ArrayList<>(), "load", new ArrayList<>());

    private final Laboratory laboratory;
    private final int seconds;
    private final String out;

    private AccuracyRun(Laboratory laboratory, int seconds, String out) {
        this.laboratory = laboratory;
        this.seconds = seconds;
        this.out = out;
    }

    /** FOLDER, SECONDS, REPEATS and a file for lines of JSON, or nothing. Ends with 1 where rung ebpf fails a bar. */
    public static void main(String[] arguments) throws Exception {
        int repeats = Integer.parseInt(arguments[2]);
        boolean good = true;
        try (OpenFolder folder = new OpenFolder(Path.of(arguments[0]));
                Laboratory laboratory = new Laboratory(Laboratory.wholeTruth(), folder, RUNGS)) {
            AccuracyRun run = new AccuracyRun(laboratory, Integer.parseInt(arguments[1]), arguments[3]);
            System.out.println(laboratory.site().names().size() + " hosts watch; windows of " + arguments[1] + " s");
            for (int i = 1; i <= repeats; i++) {
                good &= run.window("quiet", i);
                good &= run.window("load", i);
            }
            System.out.println("\nquiet, medians of " + repeats + "\n" + Table.ofAll(run.scores("quiet")));
            System.out.println("under load, medians of " + repeats + "\n" + Table.ofAll(run.scores("load")));
        }
        System.out.println(good ? "rung ebpf meets its bars" : "rung ebpf fails its bars");
        System.exit(good ? 0 : 1);
    }

    private List<Map<Method, Score>> scores(String load) {
        return scores.getOrDefault(load, List.of());
    }

    private boolean window(String load, int repeat) throws Exception {
        awaitMinute();
        int burners = load.equals("load") ? 2 * Runtime.getRuntime().availableProcessors() : 0;
        Window.Outcome outcome = Window.run(laboratory, seconds, burners);
        Map<Method, Score> scored = new EnumMap<>(Method.class);
        for (Method each : Method.values()) {
            scored.put(each, outcome.score(each, laboratory.truth()));
        }
        scores(load).add(scored);
        System.out.println("\n" + load + ", window " + repeat + "\n" + Table.of(scored, outcome, laboratory.truth()));
        if (!out.isEmpty()) {
            Files.write(
                    Path.of(out),
                    Table.json(load, repeat, scored),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return meetsBars(
                scored.getOrDefault(Method.ENISHI_EBPF, outcome.score(Method.ENISHI_EBPF, laboratory.truth())));
    }

    /** Enishi keeps minutes: a window begins with one, and then nothing of an earlier one is told of it. */
    private static void awaitMinute() throws InterruptedException {
        Instant now = Instant.now();
        Instant next = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        TimeUnit.MILLISECONDS.sleep(Duration.between(now, next).toMillis() + 100);
    }

    /** What rung ebpf must reach in every window. */
    static boolean meetsBars(Score score) {
        Score.Share service = score.levels().getOrDefault(Seen.Level.SERVICE, new Score.Share(0, 0, 0));
        return service.precision() == 1
                && service.recall() == 1
                && score.role() == 1
                && score.bothNamed() >= 0.98
                && score.ephemeral() == 0
                && score.negatives() == 0;
    }
}
