package enishi.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * One installation under kill -9: server and agent are killed so many times each, at the same time, while made-up
 * agents post and real connections are opened. What is kept in the end is held against the truth. {@code lab/kills}
 * runs it for long.
 */
final class Kills {
    private static final int TRACED_REPORTS = 200;

    private Kills() {}

    /**
     * What to do.
     *
     * @param kills of each part
     * @param seed of the moments and the content
     */
    record Plan(int kills, long seed) {}

    /** What came of it; nothing of the agent if it was not killed. */
    record Outcome(ServerKills.Outcome server, Optional<LoadTruth.Verdict> agent) {
        boolean isGood() {
            return Stream.of(server.afterEachStart(), server.inTheEnd())
                            .allMatch(each -> each.lost() + each.doubled() + each.torn() == 0)
                    && agent.stream().allMatch(each -> each.lost() + each.doubled() == 0);
        }
    }

    static Outcome run(Path home, Plan plan) throws Exception {
        try (Requests requests = new Requests(home);
                ServerKills server = new ServerKills(home, requests, plan.seed());
                AgentKills agent = new AgentKills(home, requests, plan);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Callable<ServerKills.Outcome> killing = () -> server.run(plan.kills());
            Future<ServerKills.Outcome> served = thread.submit(killing);
            agent.run(plan.kills());
            return new Outcome(served.get(), Optional.of(agent.settle()));
        }
    }

    private static Outcome runServer(Path home, Plan plan) throws Exception {
        try (Requests requests = new Requests(home);
                ServerKills server = new ServerKills(home, requests, plan.seed())) {
            return new Outcome(server.run(plan.kills()), Optional.empty());
        }
    }

    /**
     * FOLDER, PARTS ({@code both} or {@code server}), KILLS and perhaps SEED. What was done in the same folder before
     * counts. Ends with 1 if anything was lost, torn, counted twice or acknowledged too early.
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path home = Files.createDirectories(folder.resolve("kills"));
        Optional<Long> before = Progress.seed(ServerKills.progress(home));
        long seed = arguments.length > 3
                ? Long.parseLong(arguments[3])
                : before.orElseGet(() -> (long) new Random().nextInt(1_000_000_000));
        if (before.isPresent() && before.get() != seed) {
            System.err.println(
                    "kills: what was begun in " + folder + " has seed " + before.get() + "; leave out --seed");
            System.exit(64);
        }
        Plan plan = new Plan(Integer.parseInt(arguments[2]), seed);
        System.out.println(
                "seed " + plan.seed() + ", " + plan.kills() + " kills" + (before.isPresent() ? ", going on" : ""));
        Outcome outcome = arguments[1].equals("server") ? runServer(home, plan) : run(home, plan);
        System.out.print(text(outcome));
        FsyncOrder.Outcome order = FsyncOrder.run(Files.createTempDirectory(folder, "order"), TRACED_REPORTS);
        System.out.println("order:  " + order);
        System.exit(outcome.isGood() && order.isGood() ? 0 : 1);
    }

    private static String text(Outcome outcome) {
        List<Long> starts = outcome.server().startMillis().stream().sorted().toList();
        StringBuilder text = new StringBuilder();
        text.append("server: ").append(outcome.server().acknowledged()).append(" acknowledgements\n");
        text.append("  after each start: ")
                .append(outcome.server().afterEachStart())
                .append('\n');
        text.append("  in the end:       ").append(outcome.server().inTheEnd()).append('\n');
        text.append("  start to first answer, ms: median ").append(starts.get(starts.size() / 2));
        text.append(", longest ").append(starts.getLast()).append('\n');
        outcome.agent().ifPresent(each -> text.append("agent:  ").append(each).append('\n'));
        return text.toString();
    }
}
