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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs windows, quiet, under load and with kills in turn, and prints what each method told of them; {@code lab/accuracy} starts it. */
final class AccuracyRun {
    private static final List<Method> RUNGS = List.of(Method.ENISHI_EBPF, Method.ENISHI_SOCK_DIAG);

    /** Of each kind of window. */
    private final Map<Kind, List<Map<Method, Score>>> scores = new EnumMap<>(Kind.class);

    private final Laboratory laboratory;
    private final int seconds;
    private final String out;
    private final int kills;

    private enum Kind {
        QUIET,
        LOAD,
        KILLS;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private AccuracyRun(Laboratory laboratory, int seconds, String out, int kills) {
        this.laboratory = laboratory;
        this.seconds = seconds;
        this.out = out;
        this.kills = kills;
    }

    /**
     * FOLDER, SECONDS, REPEATS, a file for lines of JSON or nothing, and how often servers and agents are killed in a
     * window of the last kind. Ends with 1 where rung ebpf fails a bar.
     */
    public static void main(String[] arguments) throws Exception {
        int repeats = Integer.parseInt(arguments[2]);
        boolean good = true;
        try (OpenFolder folder = new OpenFolder(Path.of(arguments[0]));
                Laboratory laboratory = new Laboratory(Laboratory.wholeTruth(), folder, RUNGS)) {
            AccuracyRun run = new AccuracyRun(
                    laboratory, Integer.parseInt(arguments[1]), arguments[3], Integer.parseInt(arguments[4]));
            System.out.println(laboratory.site().names().size() + " hosts watch; windows of " + arguments[1] + " s");
            for (int i = 1; i <= repeats; i++) {
                for (Kind each : Kind.values()) {
                    good &= (each == Kind.KILLS && run.kills == 0) || run.window(each, i);
                }
            }
            run.scores.forEach((kind, scored) ->
                    System.out.println("\n" + kind.word() + ", medians of " + repeats + "\n" + Table.ofAll(scored)));
        }
        System.out.println(good ? "rung ebpf meets its bars" : "rung ebpf fails its bars");
        System.exit(good ? 0 : 1);
    }

    private boolean window(Kind kind, int repeat) throws Exception {
        awaitMinute();
        int burners = kind == Kind.LOAD ? 2 * Runtime.getRuntime().availableProcessors() : 0;
        Window.Outcome outcome = Window.run(laboratory, seconds, burners, kind == Kind.KILLS ? kills : 0);
        Map<Method, Score> scored = new EnumMap<>(Method.class);
        for (Method each : Method.values()) {
            scored.put(each, outcome.score(each, laboratory.truth()));
        }
        scores.computeIfAbsent(kind, each -> new ArrayList<>()).add(scored);
        System.out.println(
                "\n" + kind.word() + ", window " + repeat + "\n" + Table.of(scored, outcome, laboratory.truth()));
        if (!out.isEmpty()) {
            Files.write(
                    Path.of(out),
                    Table.json(kind.word(), repeat, scored),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return outcome.untold().isEmpty()
                && meetsBars(
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
