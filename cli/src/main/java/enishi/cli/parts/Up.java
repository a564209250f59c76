package enishi.cli.parts;

import enishi.cli.ask.Connect;
import enishi.cli.ask.Failure;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Server and agent of this host as two child processes, and the first dependencies as they appear. */
@Command(
        name = "up",
        description = "Server and agent on this host, and their first dependencies. Ctrl-C ends both.",
        mixinStandardHelpOptions = true)
public final class Up implements Callable<Integer> {
    private static final long START_SECONDS_MAX = 60;

    @Option(names = "--home", paramLabel = "FOLDER", description = "state folder, instead of ENISHI_HOME")
    private @Nullable Path folder;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "default 127.0.0.1:4649")
    private @Nullable String listen;

    @Option(names = "--rung", paramLabel = "RUNG", description = "pin one: ebpf, ebpf-tcp, sock_diag or proc")
    private @Nullable String rung;

    @Option(names = "--host-name", paramLabel = "NAME", description = "what this host is called")
    private @Nullable String hostName;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "such as site=tokyo; may be repeated")
    private final List<String> labels = new ArrayList<>();

    private final Children children = new Children();
    private final CountDownLatch asked = new CountDownLatch(1);
    private @Nullable Process server;
    private @Nullable Process agent;
    private volatile boolean ended;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = folder == null ? Home.ofThisUser() : new Home(folder.toAbsolutePath());
        Instant begun = Instant.now();
        makeFolder(home);
        PartLog serverLog = PartLog.of(home.folder(), "server");
        PartLog agentLog = PartLog.of(home.folder(), "agent");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::endAsAsked));
        try {
            Process serving = Children.start(serverLog.taking(children.server(home, serverArguments(home))));
            server = serving;
            awaitServer(home, serving, serverLog);
            Process watching = Children.start(agentLog.taking(children.agent(agentArguments(home))));
            agent = watching;
            System.out.println(
                    "Enishi answers at " + Files.readString(home.serverUrl()).strip());
            System.out.print(Text.wrapped(
                    "  ",
                    "(the key opens the page once; the next one stands in " + home.serverUrl() + ")",
                    Text.columnsOfTerminal()));
            System.out.println("state and logs in " + home.folder() + "; Ctrl-C ends both parts");
            throw watch(new FirstSeen(Connect.to(home), serving.pid(), begun, System.out), home, serverLog, agentLog);
        } finally {
            ended = true;
            endParts();
        }
    }

    private static void makeFolder(Home home) {
        try {
            Files.createDirectories(home.folder());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.STORE,
                    "making the state folder " + home.folder() + " failed: " + e.getMessage()
                            + "; set ENISHI_HOME to a folder you may write");
        }
        if (!Files.isWritable(home.folder())) {
            throw new Failure(
                    ExitCode.STORE,
                    "the state folder " + home.folder() + " is not yours to write; set ENISHI_HOME to one that is");
        }
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
    private void awaitServer(Home home, Process serving, PartLog log) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() < endNanos) {
            if (serving.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw endedAlone(serving, log);
            }
            if (Files.exists(home.serverUrl()) && writtenBy(home, serving)) {
                return;
            }
        }
        throw new Failure(
                ExitCode.UNAVAILABLE,
                "the server did not answer within " + START_SECONDS_MAX + " s; " + log.file() + " says why");
    }

    /** An address left behind by a server that was killed is not this one's. */
    private static boolean writtenBy(Home home, Process serving) throws IOException {
        long started = serving.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return Files.getLastModifiedTime(home.serverUrl()).toMillis() + 1_000 >= started;
    }

    /** Shows what appears until one part ends. @return why it did */
    private Failure watch(FirstSeen firstSeen, Home home, PartLog serverLog, PartLog agentLog)
            throws InterruptedException {
        Process serving = java.util.Objects.requireNonNull(server);
        Process watching = java.util.Objects.requireNonNull(agent);
        boolean limitsShown = false;
        while (!serving.waitFor(1, TimeUnit.SECONDS) && watching.isAlive()) {
            if (!limitsShown && Files.exists(home.agentStatus())) {
                limitsShown = showLimits(home);
            }
            if (limitsShown) {
                firstSeen.show();
            }
        }
        return serving.isAlive() ? endedAlone(watching, agentLog) : endedAlone(serving, serverLog);
    }

    private static boolean showLimits(Home home) {
        int columns = Text.columnsOfTerminal();
        try {
            new AgentAccount(home)
                    .read()
                    .getLimitsList()
                    .forEach(limit -> System.out.print(Text.wrapped("unseen: ", Text.safe(limit), columns)));
        } catch (Failure e) {
            return false; // another agent's file, or not written yet: look again
        }
        System.out.println("dependencies as they appear:");
        return true;
    }

    /** Ctrl-C reaches the parts as well: then this process is being asked to end, and there is nothing to report. */
    private Failure endedAlone(Process part, PartLog log) throws InterruptedException {
        if (asked.await(1, TimeUnit.SECONDS)) {
            new CountDownLatch(1).await(); // until the hook ends this process
        }
        return log.ended(part.exitValue());
    }

    /** At a signal. An end that was asked for is no failure: the exit code is 0, not 128 + the signal. */
    private void endAsAsked() {
        if (ended) {
            return;
        }
        asked.countDown();
        endParts();
        System.out.println("both parts have ended");
        System.out.flush();
        Runtime.getRuntime().halt(ExitCode.OK.code());
    }

    /** Agent first, so that what it last saw is still taken. */
    private synchronized void endParts() {
        Children.end(agent);
        Children.end(server);
    }
}
