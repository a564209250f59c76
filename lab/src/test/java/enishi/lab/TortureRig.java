package enishi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An installation on a small disk, a load that it watches, and programs to torment it with. As root. */
final class TortureRig implements AutoCloseable {
    private static final int DISK_MIB = 768;

    /** Longer than a killed agent is away. */
    private static final int LONGEST_MILLIS = 4_000;

    private static final Path PROGRAMS = Part.ROOT.resolve("lab/src/test/programs");
    private final Random random;
    private final OpenFolder folder = OpenFolder.create();
    private final SmallDisk disk;
    private final Requests requests;
    private final LoadWatch watch;
    private final InjectedClock clock;
    private final Map<String, Path> compiled = new HashMap<>();
    private final Load load;
    private Part server;
    private Part agent;

    TortureRig(long seed) throws Exception {
        random = new Random(seed);
        disk = new SmallDisk(folder.path().resolve("home"), DISK_MIB);
        requests = new Requests(disk.folder());
        watch = new LoadWatch(disk.folder(), requests);
        clock = new InjectedClock(folder.path());
        server = Part.server(disk.folder());
        server.await("an answer", requests::isAnswering);
        agent = Part.agent(disk.folder(), clock.environment());
        load = Load.start(seed, LONGEST_MILLIS);
        awaitWatching();
    }

    SmallDisk disk() {
        return disk;
    }

    InjectedClock clock() {
        return clock;
    }

    Part server() {
        return server;
    }

    Part agent() {
        return agent;
    }

    void awaitWatching() throws IOException, InterruptedException {
        agent.await("the agent's own account", () -> watch.isWatching(agent));
    }

    void killAgent() throws IOException {
        agent.kill();
        agent = Part.agent(disk.folder(), clock.environment());
    }

    void killServer(Duration away) throws IOException, InterruptedException {
        server.kill();
        pass(away);
        server = Part.server(disk.folder());
        server.await("an answer", requests::isAnswering);
    }

    /** Neither ends it nor lets it run (signal(7)). */
    void pause(Part part, Duration time) throws IOException, InterruptedException {
        run("kill", "-STOP", Long.toString(part.pid()));
        try {
            pass(time);
        } finally {
            run("kill", "-CONT", Long.toString(part.pid()));
        }
    }

    /** What happens next happens at a moment nobody chose. */
    void passUpTo(Duration most) throws InterruptedException {
        pass(Duration.ofMillis(random.nextLong(most.toMillis())));
    }

    void pass(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }

    /** Runs one of lab's programs in C to its end. @return what it said */
    String does(String program, String... arguments) throws IOException {
        Path binary = compiled.get(program);
        if (binary == null) {
            binary = folder.path().resolve(program);
            run(
                    "clang",
                    "-O2",
                    "-o",
                    binary.toString(),
                    PROGRAMS.resolve(program + ".c").toString());
            compiled.put(program, binary);
        }
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** The same of one written in Python. */
    String python(String program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", program));
        for (Object each : arguments) {
            command.add(each.toString());
        }
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(command[0] + " failed: " + said.strip());
        }
        return said.strip();
    }

    /** Ends the load and lets everything arrive. */
    LoadWatch.Settled settle() throws IOException, InterruptedException {
        return watch.settle(agent, load);
    }

    Requests requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        try (OpenFolder all = folder;
                SmallDisk small = disk;
                Requests asking = requests;
                Part answering = server;
                Part watching = agent;
                Load loading = load) {
            assert Stream.of(all, small, asking, answering, watching, loading).allMatch(Objects::nonNull)
                    : "the last first";
        }
    }
}
