package enishi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
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
    private final Path home;
    private final LoadWatch watch;
    private final Random random;
    private final Load load;
    private Part agent;

    AgentKills(Path home, Requests requests, Kills.Plan plan) throws IOException {
        this.home = home;
        watch = new LoadWatch(home, requests);
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
                agent.await("the agent's own account", () -> watch.isWatching(agent));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(RUN_MILLIS_MAX));
            }
            agent.kill();
            agent = Part.agent(home);
        }
    }

    /** Ends the load, lets everything spooled arrive, and compares. The server must be running. */
    LoadTruth.Verdict settle() throws IOException, InterruptedException {
        return watch.settle(agent, load).between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        load.close();
        agent.close();
    }
}
