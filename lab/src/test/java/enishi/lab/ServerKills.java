package enishi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The server of a state folder is killed again and again, mostly while several posters send, sometimes while it starts.
 * After each start, what it then holds is checked before anything is sent again; in the end everything is.
 */
final class ServerKills implements AutoCloseable {
    private static final int POSTERS = 4;
    private static final int ACKNOWLEDGED_MAX = 40;
    private static final int MORE_MILLIS_MAX = 200;
    private static final int START_MILLIS_MAX = 1_500;
    private static final int KILLS_WHILE_STARTING_ONE_IN = 5;

    /** A year: a run that is resumed after days is still judged minute by minute. */
    private static final String MINUTES_KEPT_HOURS = "8760";

    private final Path home;
    private final Random random;
    private final Requests requests;
    private final List<Poster> posters = new ArrayList<>();
    private final Progress progress;
    private final PosterTruth afterEachStart;
    private final PosterTruth inTheEnd = new PosterTruth();
    private final List<Long> startMillis = new ArrayList<>();
    /** Of whole rounds: what a round that was cut had sent is known to nobody. */
    private final List<Long> minutes = new ArrayList<>();

    private long minute;
    private int killed;
    private Part server;

    /**
     * What came of it.
     *
     * @param startMillis from each start to the first answer
     * @param acknowledged how often a report was answered with 2xx
     */
    record Outcome(
            PosterTruth.Verdict afterEachStart,
            PosterTruth.Verdict inTheEnd,
            List<Long> startMillis,
            long acknowledged) {}

    /** Goes on where a run in the same folder was cut. */
    ServerKills(Path home, Requests requests, long seed) throws IOException, InterruptedException {
        this.home = home;
        this.requests = requests;
        progress = Progress.of(progress(home), seed, Instant.now().getEpochSecond() / 60);
        afterEachStart = new PosterTruth(progress.last().afterEachStart());
        startMillis.addAll(progress.startMillis());
        minutes.addAll(progress.minutes());
        minute = progress.begun();
        killed = progress.last().killed();
        random = new Random(seed + killed);
        server = started();
        for (int number = 1; number <= POSTERS; number++) {
            posters.add(new Poster(number, requests, seed, progress.sentBy(Poster.name(number))));
        }
    }

    static Path progress(Path home) {
        return home.resolve("kills.progress");
    }

    /** Kills until it was killed so many times, earlier runs included, and leaves the server running. */
    Outcome run(int kills) throws Exception {
        while (killed < kills) {
            postAndKill();
            killed++;
            if (killed < kills && random.nextInt(KILLS_WHILE_STARTING_ONE_IN) == 0) {
                killWhileStarting();
                killed++;
            }
            server = started();
            check(afterEachStart, minute);
            minutes.add(minute);
            progress.end(new Progress.Round(minute, killed, afterEachStart.verdict()), startMillis.getLast(), posters);
        }
        for (Poster each : posters) {
            if (!each.postRest()) {
                throw new IllegalStateException("the server does not answer though nobody kills it");
            }
        }
        for (long each : minutes) {
            check(inTheEnd, each);
        }
        return new Outcome(afterEachStart.verdict(), inTheEnd.verdict(), List.copyOf(startMillis), acknowledgements());
    }

    private long acknowledgements() {
        return posters.stream().mapToLong(Poster::acknowledgements).sum();
    }

    private Part started() throws IOException, InterruptedException {
        Part part = Part.server(home, "--keep-minutes-hours", MINUTES_KEPT_HOURS);
        part.await("an answer", requests::isAnswering);
        startMillis.add(System.currentTimeMillis() - part.startedAtMillis());
        return part;
    }

    /** The log that a killed server left is being read by one that is killed in its turn. */
    private void killWhileStarting() throws IOException, InterruptedException {
        server = Part.server(home, "--keep-minutes-hours", MINUTES_KEPT_HOURS);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(START_MILLIS_MAX));
        server.kill();
    }

    private void postAndKill() throws IOException, InterruptedException, ExecutionException {
        minute++;
        posters.forEach(each -> each.beginMinute(minute));
        try (ExecutorService threads = Executors.newFixedThreadPool(POSTERS)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (Poster each : posters) {
                running.add(threads.submit(each::postUntilNoAnswer));
            }
            long enough = acknowledgements() + random.nextInt(ACKNOWLEDGED_MAX);
            try {
                server.await("acknowledgements", () -> acknowledgements() >= enough);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(MORE_MILLIS_MAX));
            } finally {
                server.kill(); // the posters end when nobody answers
            }
            for (Future<Integer> each : running) {
                each.get();
            }
        }
    }

    private void check(PosterTruth truth, long which) throws IOException, InterruptedException {
        Instant from = Instant.ofEpochSecond(which * 60);
        Requests.Export export = requests.export(from, from.plusSeconds(60));
        posters.forEach(each -> truth.check(each.name(), each.sentOf(which), export));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
