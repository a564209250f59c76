package enishi.cli;

import enishi.answer.Dependency;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Server and agent of this host as two child processes, and the first dependencies as they appear. */
@Command(name = "up", description = "Server and agent on this host, and their first dependencies.")
final class Up implements Callable<Integer> {
    private static final int SHOWN_MAX = 40;
    private static final long START_SECONDS_MAX = 30;

    @Option(names = "--home", paramLabel = "FOLDER", description = "state folder, instead of ENISHI_HOME")
    private @Nullable Path folder;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "default 127.0.0.1:4649")
    private @Nullable String listen;

    @Option(names = "--rung", paramLabel = "RUNG", description = "pin one: sock_diag or proc")
    private @Nullable String rung;

    @Option(names = "--host-name", paramLabel = "NAME", description = "what this host is called")
    private @Nullable String hostName;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "such as site=tokyo; may be repeated")
    private final List<String> labels = new ArrayList<>();

    private final Set<String> shown = new HashSet<>();
    private final Children children = new Children();
    private @Nullable Process server;
    private @Nullable Process agent;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = folder == null ? Home.ofThisUser() : new Home(folder.toAbsolutePath());
        try {
            Files.createDirectories(home.folder());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.STORE,
                    "making the state folder " + home.folder() + " failed: " + e.getMessage()
                            + "; set ENISHI_HOME to a folder you may write");
        }
        Process serving = Children.start(Children.logged(children.server(serverArguments(home)), home, "server"));
        server = serving;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
        awaitServer(home, serving);
        Process watching = Children.start(Children.logged(children.agent(agentArguments(home)), home, "agent"));
        agent = watching;
        System.out.println(
                "Enishi answers at " + Files.readString(home.serverUrl()).strip());
        System.out.println("state and logs: " + home.folder() + "; Ctrl-C stops both parts");
        System.out.println("dependencies as they appear:");
        int code = watch(home, serving, watching);
        stop();
        return code;
    }

    private List<String> serverArguments(Home home) {
        List<String> arguments = new ArrayList<>(List.of("--home", home.folder().toString()));
        if (listen != null) {
            arguments.addAll(List.of("--listen", listen));
        }
        return arguments;
    }

    private List<String> agentArguments(Home home) {
        List<String> arguments = new ArrayList<>(List.of("--home", home.folder().toString()));
        if (rung != null) {
            arguments.addAll(List.of("--rung", rung));
        }
        if (hostName != null) {
            arguments.addAll(List.of("--host-name", hostName));
        }
        labels.forEach(label -> arguments.addAll(List.of("--label", label)));
        return arguments;
    }

    /** Until the server has written its address, which it does once it answers; or has ended. */
    private static void awaitServer(Home home, Process serving) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() < endNanos) {
            if (serving.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw ended(home, "server", serving);
            }
            if (Files.exists(home.serverUrl()) && writtenBy(home, serving)) {
                return;
            }
        }
        throw new Failure(
                ExitCode.UNAVAILABLE,
                "the server did not answer within " + START_SECONDS_MAX + " s; "
                        + home.folder().resolve("server.log") + " says why");
    }

    /** An address left behind by a server that was killed is not this one's. */
    private static boolean writtenBy(Home home, Process serving) throws IOException {
        long started = serving.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
        return Files.getLastModifiedTime(home.serverUrl()).toMillis() + 1_000 >= started;
    }

    private static Failure ended(Home home, String part, Process process) throws IOException {
        List<String> log = Files.readAllLines(home.folder().resolve(part + ".log"));
        String last = log.isEmpty() ? "it said nothing" : Text.safe(log.getLast());
        ExitCode code = ExitCode.UNAVAILABLE;
        for (ExitCode each : ExitCode.values()) {
            code = each.code() == process.exitValue() && each != ExitCode.OK ? each : code;
        }
        return new Failure(code, "the " + part + " ended: " + last);
    }

    private int watch(Home home, Process serving, Process watching) throws IOException, InterruptedException {
        boolean limitsShown = false;
        while (true) {
            if (serving.waitFor(1, TimeUnit.SECONDS)) {
                throw ended(home, "server", serving);
            }
            if (!watching.isAlive()) {
                throw ended(home, "agent", watching);
            }
            showNew(home);
            if (!limitsShown && Files.exists(home.agentStatus())) {
                new AgentAccount(home)
                        .read()
                        .getLimitsList()
                        .forEach(limit -> System.out.println("  limit: " + Text.safe(limit)));
                limitsShown = true;
            }
        }
    }

    private void showNew(Home home) {
        Connect connect = new Connect();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("connect", CommandLine.Model.CommandSpec.forAnnotatedObject(connect)))
                .parseArgs("--home", home.folder().toString());
        List<String> lines =
                connect.get("export", Map.of("since", "5m")).lines().toList();
        for (String line : lines.subList(0, lines.size() - 1)) {
            String text = Rows.line(Answers.read(line, Dependency.class));
            if (shown.size() < SHOWN_MAX && shown.add(text)) {
                System.out.println("  " + text);
                if (shown.size() == SHOWN_MAX) {
                    System.out.println("  … and more: enishi dependencies self");
                }
            }
        }
    }

    /** Agent first, so that what it last saw is still taken. */
    private synchronized void stop() {
        Children.end(agent);
        Children.end(server);
    }
}
