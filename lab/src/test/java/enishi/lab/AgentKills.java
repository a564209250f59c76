package enishi.lab;

import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The agent of a state folder is killed again and again while connections are opened of which everything is known. In
 * the end it is stopped as a user stops it, its spool is emptied, and what the server keeps is held against the truth:
 *
 * <ul>
 *   <li>of no second is more kept than was opened in it;
 *   <li>of a second that coverage calls watched is kept exactly what was opened in it;
 *   <li>so what is missing was opened in a second that is a gap in coverage: truth = stored + gap.
 * </ul>
 */
final class AgentKills implements AutoCloseable {
    /** Longer than a killed agent is away: such a connection is met by two runs, and belongs to the first. */
    private static final int LONGEST_MILLIS = 4_000;

    private static final int RUN_MILLIS_MAX = 5_000;
    private static final int START_MILLIS_MAX = 1_000;
    private static final int KILLS_WHILE_STARTING_ONE_IN = 5;
    private static final int AN_HOUR = 3_600;

    /** Seconds for which the last run is left alone, so that some are watched whole even on a slow machine. */
    private static final int UNDISTURBED = 15;

    private final Path home;
    private final Requests requests;
    private final Random random;
    private final Load load;
    private Part agent;

    AgentKills(Path home, Requests requests, Kills.Plan plan) throws IOException {
        this.home = home;
        this.requests = requests;
        random = new Random(plan.seed());
        load = Load.start(plan.seed(), LONGEST_MILLIS);
        agent = Part.agent(home);
    }

    /** Kills so many times and leaves the agent running. */
    void run(int kills) throws IOException, InterruptedException {
        for (int kill = 0; kill < kills; kill++) {
            if (random.nextInt(KILLS_WHILE_STARTING_ONE_IN) == 0) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(START_MILLIS_MAX));
            } else {
                agent.await("the agent's own account", this::isWatching);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(RUN_MILLIS_MAX));
            }
            agent.kill();
            agent = Part.agent(home);
        }
    }

    /** Whether the account that an agent writes once it watches is this one's. */
    private boolean isWatching() {
        try {
            Path status = home.resolve("agent.status");
            return Files.exists(status)
                    && AgentStatus.parseFrom(Files.readAllBytes(status)).getPid() == agent.pid();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the agent's account failed", e);
        }
    }

    /** Ends the load, lets everything spooled arrive, and compares. The server must be running. */
    LoadTruth.Verdict settle() throws IOException, InterruptedException {
        agent.close(); // it may have backed off for minutes while the server was killed; one that starts tries at once
        agent = Part.agent(home);
        long undisturbed = agent.startedAtMillis() / 1000 + 1;
        agent.await("seconds watched whole", () -> watchedSeconds(undisturbed, undisturbed + AN_HOUR) >= UNDISTURBED);
        SortedMap<Long, Load.Opened> opened = load.stop();
        long last = opened.lastKey();
        agent.await("the load's last second to be over", () -> System.currentTimeMillis() / 1000 > last);
        agent.close();
        // reports leave in order: once what the next run watched is there, all that earlier runs spooled is there too
        agent = Part.agent(home);
        long from = agent.startedAtMillis() / 1000 + 1;
        agent.await("the spool to be empty", () -> watchedSeconds(from, from + AN_HOUR) > 0);
        agent.close();
        return compare(opened, watched(opened.firstKey() - 1, last + 2));
    }

    private LoadTruth.Verdict compare(SortedMap<Long, Load.Opened> opened, NavigableSet<Long> watched)
            throws IOException, InterruptedException {
        Map<Integer, Long> stored = stored(Instant.ofEpochSecond(opened.firstKey()), Instant.now());
        LoadTruth truth = new LoadTruth(watched);
        opened.forEach((second, each) -> truth.check(second, each, stored.getOrDefault(each.port(), 0L)));
        return truth.verdict();
    }

    /** Connections kept by port, as their clients' end was seen. */
    private Map<Integer, Long> stored(Instant from, Instant to) throws IOException, InterruptedException {
        Map<Integer, Long> stored = new HashMap<>();
        for (Dependency each : requests.export(from, to).dependencies()) {
            Integer port = each.server().port();
            if (port != null && Load.isPort(port) && each.seenFrom() != Dependency.SeenFrom.SERVER) {
                stored.merge(port, each.connections(), Long::sum);
            }
        }
        return stored;
    }

    private NavigableSet<Long> watched(long from, long to) {
        NavigableSet<Long> seconds = new TreeSet<>();
        long watched = watchedSeconds(from, to);
        if (watched == to - from) {
            for (long each = from; each < to; each++) {
                seconds.add(each);
            }
        } else if (watched > 0) {
            seconds.addAll(watched(from, (from + to) / 2));
            seconds.addAll(watched((from + to) / 2, to));
        }
        return seconds;
    }

    private long watchedSeconds(long from, long to) {
        if (from >= Instant.now().getEpochSecond()) {
            return 0;
        }
        try {
            String host = Files.readString(home.resolve("host-id")).strip();
            return requests.hosts(Instant.ofEpochSecond(from), Instant.ofEpochSecond(to)).coverage().hosts().stream()
                    .filter(each -> each.hostId().equals(host))
                    .mapToLong(HostWatch::watchedSeconds)
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking what was watched failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        load.close();
        agent.close();
    }
}
