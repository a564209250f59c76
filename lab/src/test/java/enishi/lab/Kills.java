package enishi.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** What came of it. */
    record Outcome(ServerKills.Outcome server, LoadTruth.Verdict agent) {
        boolean isGood() {
            return Stream.of(server.afterEachStart(), server.inTheEnd())
                            .allMatch(each -> each.lost() + each.doubled() + each.torn() == 0)
                    && agent.lost() + agent.doubled() == 0;
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
            return new Outcome(served.get(), agent.settle());
        }
    }

    /** FOLDER, KILLS and SEED. Ends with 1 if anything was lost, torn, counted twice or acknowledged too early. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Plan plan = new Plan(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
        System.out.println("seed " + plan.seed() + ", " + plan.kills() + " kills of each part");
        Outcome outcome = run(Files.createDirectory(folder.resolve("kills")), plan);
        System.out.print(text(outcome));
        FsyncOrder.Outcome order = FsyncOrder.run(Files.createDirectory(folder.resolve("order")), TRACED_REPORTS);
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
        text.append("agent:  ").append(outcome.agent()).append('\n');
        return text.toString();
    }
}
