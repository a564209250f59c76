package enishi.lab.accuracy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import enishi.lab.accuracy.Truth.Asked;
import enishi.lab.accuracy.Truth.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What of the truth was exercised in a window, and when.
 *
 * @param said when each line's client said that it had done it
 * @param talk what the switch saw
 */
record Exercise(Site site, Map<String, List<Instant>> said, List<Conversation> talk) {
    /** A conversation may have begun so long before its client says that it is done. */
    private static final int BEFORE_SECONDS = 2;

    /** What clients have said since then. */
    static Map<String, List<Instant>> said(Path folder, Instant since) throws IOException {
        Path file = folder.resolve("done");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(each -> each.split(" ", 2))
                        .filter(each -> !at(each).isBefore(since))
                        .collect(groupingBy(each -> each[0], mapping(Exercise::at, toList())))
                : Map.of();
    }

    private static Instant at(String[] words) {
        return Instant.ofEpochMilli(Long.parseLong(words[1]));
    }

    /** Whether a line was exercised at all: its client said so, and the switch saw it if it passes there. */
    boolean has(Line line) {
        return (line.asksByItself() || said.containsKey(line.key())) && isOnTheWire(line);
    }

    /** Whether a line was exercised while both its hosts were watched; what stays open is seen whenever they are. */
    boolean hasWhile(Line line, Watched watched) {
        return isHeld(line)
                || times(line)
                        .anyMatch(at -> isWatched(line.client().host(), at, watched)
                                && isWatched(line.server().host(), at, watched));
    }

    private static boolean isWatched(String host, Instant at, Watched watched) {
        return watched.covers(host, at.minusSeconds(BEFORE_SECONDS), at.plusSeconds(1));
    }

    private Stream<Instant> times(Line line) {
        if (!line.asksByItself()) {
            return said.getOrDefault(line.key(), List.of()).stream();
        }
        return talk.stream()
                .filter(each -> isOf(line, each))
                .flatMap(each -> Stream.of(each.firstMicros(), each.lastMicros()))
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static boolean isHeld(Line line) {
        return line.asks().getFirst().equals("hold");
    }

    /** A silent connection and one inside a host pass no packet at the switch. */
    private boolean isOnTheWire(Line line) {
        return !line.isOnTheWire()
                || isHeld(line)
                || talk.stream().filter(each -> isOf(line, each)).anyMatch(each -> isAsSaid(line, each));
    }

    private boolean isOf(Line line, Conversation each) {
        boolean six = line.asks().contains("v6");
        String client = address(line.client().host(), six);
        Asked asked = line.instead();
        String server = asked != null
                ? site.address(asked.host())
                : address(line.server().host(), six);
        int port = asked != null ? asked.port() : line.port();
        return each.transport().equals(line.transport()) && each.isWith(server, port, client);
    }

    private String address(String host, boolean six) {
        return six ? site.v6(host) : site.address(host);
    }

    private static boolean isAsSaid(Line line, Conversation each) {
        boolean isLog = line.transport().equals("udp") && line.tag().equals("log");
        return line.isDependency() ? isLog || !each.isInVain() : each.isInVain() || each.back() == 0;
    }
}
