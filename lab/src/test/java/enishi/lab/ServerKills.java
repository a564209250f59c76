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
    private final Path home;
    private final Random random;
    private final Requests requests;
    private final List<Poster> posters = new ArrayList<>();
    private final PosterTruth afterEachStart = new PosterTruth();
    private final PosterTruth inTheEnd = new PosterTruth();
    private final List<Long> startMillis = new ArrayList<>();
    private final long firstMinute = Instant.now().getEpochSecond() / 60 - 2_000;
    private long minute = firstMinute;
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

    ServerKills(Path home, Requests requests, long seed) throws IOException, InterruptedException {
        this.home = home;
        this.requests = requests;
        random = new Random(seed);
        server = started();
        for (int number = 1; number <= POSTERS; number++) {
            posters.add(new Poster(number, requests, seed));
        }
    }

    /** Kills so many times and leaves the server running. */
    Outcome run(int kills) throws Exception {
        int killed = 0;
        while (killed < kills) {
            postAndKill();
            killed++;
            if (killed < kills && random.nextInt(KILLS_WHILE_STARTING_ONE_IN) == 0) {
                killWhileStarting();
                killed++;
            }
            server = started();
            check(afterEachStart, minute);
        }
        for (Poster each : posters) {
            if (!each.postRest()) {
                throw new IllegalStateException("the server does not answer though nobody kills it");
            }
        }
        for (long each = firstMinute; each <= minute; each++) {
            check(inTheEnd, each);
        }
        return new Outcome(afterEachStart.verdict(), inTheEnd.verdict(), List.copyOf(startMillis), acknowledgements());
    }

    private long acknowledgements() {
        return posters.stream().mapToLong(Poster::acknowledgements).sum();
    }

    private Part started() throws IOException, InterruptedException {
        Part part = Part.server(home);
        part.await("an answer", requests::isAnswering);
        startMillis.add(System.currentTimeMillis() - part.startedAtMillis());
        return part;
    }

    /** The log that a killed server left is being read by one that is killed in its turn. */
    private void killWhileStarting() throws IOException, InterruptedException {
        server = Part.server(home);
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
