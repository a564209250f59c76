package enishi.lab;

import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;

/** What the server of a state folder keeps of a load on its host, and when the agent watched it. */
final class LoadWatch {
    private static final int AN_HOUR = 3_600;

    /** Seconds for which the last run is left alone, so that some are watched whole even on a slow machine. */
    private static final int UNDISTURBED = 15;

    private final Path home;
    private final Requests requests;

    /**
     * Everything there is to compare.
     *
     * @param opened by second of the wall clock
     * @param stored what is kept, by port
     * @param watched the seconds that coverage calls watched
     */
    record Settled(
            SortedMap<Long, Load.Opened> opened, Map<Integer, List<Dependency>> stored, NavigableSet<Long> watched) {
        /** Of the seconds from one on until before another. */
        LoadTruth.Verdict between(long from, long until) {
            LoadTruth truth = new LoadTruth(watched);
            opened.subMap(from, until)
                    .forEach((second, each) -> truth.check(second, each, stored.getOrDefault(each.port(), List.of())));
            return truth.verdict();
        }
    }

    LoadWatch(Path home, Requests requests) {
        this.home = home;
        this.requests = requests;
    }

    /** Whether the account that an agent writes once it watches is this one's. */
    boolean isWatching(Part agent) {
        try {
            Path status = home.resolve("agent.status");
            return Files.exists(status)
                    && AgentStatus.parseFrom(Files.readAllBytes(status)).getPid() == agent.pid();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the agent's account failed", e);
        }
    }

    /** Ends the load and the agent, and lets everything spooled arrive. The server must be running. */
    Settled settle(Part killed, Load load) throws IOException, InterruptedException {
        killed.close(); // it may have backed off for minutes while the server was away; one that starts tries at once
        SortedMap<Long, Load.Opened> opened;
        try (Part agent = Part.agent(home)) {
            long undisturbed = agent.startedAtMillis() / 1000 + 1;
            agent.await(
                    "seconds watched whole", () -> watchedSeconds(undisturbed, undisturbed + AN_HOUR) >= UNDISTURBED);
            opened = load.stop();
            long last = opened.lastKey();
            agent.await("the load's last second to be over", () -> System.currentTimeMillis() / 1000 > last);
        }
        // reports leave in order: once what the next run watched is there, all that earlier runs spooled is there too
        try (Part agent = Part.agent(home)) {
            long from = agent.startedAtMillis() / 1000 + 1;
            agent.await("the spool to be empty", () -> watchedSeconds(from, from + AN_HOUR) > 0);
        }
        return new Settled(
                opened,
                stored(Instant.ofEpochSecond(opened.firstKey()), Instant.now()),
                watched(opened.firstKey() - 1, opened.lastKey() + 2));
    }

    private Map<Integer, List<Dependency>> stored(Instant from, Instant to) throws IOException, InterruptedException {
        Map<Integer, List<Dependency>> stored = new HashMap<>();
        for (Dependency each : requests.export(from, to).dependencies()) {
            Integer port = each.server().port();
            if (port != null && Load.isPort(port)) {
                stored.computeIfAbsent(port, one -> new ArrayList<>()).add(each);
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
}
