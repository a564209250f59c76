package enishi.lab.accuracy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who depends on whom in the laboratory, as {@code accuracy-truth} says it; its first lines tell the format. */
record Truth(List<Line> lines) {
    /** How many ports the scan tries. */
    static final int SCANNED = 200;

    private static final Pattern SERVES = Pattern.compile("(\\w+)(?:\\((\\w+):(\\d+)\\))?");

    Truth {
        lines = List.copyOf(lines);
    }

    /** A program of a host, in its container-like cell or not. */
    record Program(String host, boolean inCell, String name) {
        static Program of(String place, String program) {
            boolean inCell = place.endsWith("/cell");
            return new Program(inCell ? place.substring(0, place.indexOf('/')) : place, inCell, program);
        }
    }

    /** What a client asks for in the place of the server. */
    record Asked(String host, int port) {}

    /**
     * One line.
     *
     * @param key which it is, for what was done of it
     */
    record Line(
            String key,
            boolean isDependency,
            String tag,
            Program client,
            Program server,
            String transport,
            int port,
            String serves,
            @Nullable Asked instead,
            List<String> asks) {
        Line {
            asks = List.copyOf(asks);
        }

        static Line of(int number, String text) {
            List<String> words = List.of(text.strip().split("\\s+"));
            if (words.size() < 9) {
                throw new IllegalArgumentException("line " + number + " of the truth is too short: " + text);
            }
            boolean negative = words.getFirst().startsWith("!");
            Matcher serves = SERVES.matcher(words.get(7));
            if (!serves.matches()) {
                throw new IllegalArgumentException("line " + number + " of the truth serves how? " + words.get(7));
            }
            return new Line(
                    "line" + number,
                    !negative,
                    words.getFirst().substring(negative ? 1 : 0),
                    Program.of(words.get(1), words.get(2)),
                    Program.of(words.get(3), words.get(4)),
                    words.get(5),
                    Integer.parseInt(words.get(6)),
                    serves.group(1),
                    serves.group(2) == null ? null : new Asked(serves.group(2), Integer.parseInt(serves.group(3))),
                    words.subList(8, words.size()));
        }

        Seen seen() {
            return new Seen(client.host, client.name, server.host, server.name, transport, port);
        }

        boolean isOnTheWire() {
            return !client.host.equals(server.host) && !transport.equals("unix");
        }

        boolean asksByItself() {
            return asks.getFirst().equals("real");
        }

        boolean isUnix() {
            return transport.equals("unix");
        }

        /** Whether this negative is what was told, whoever is said to have done it. */
        boolean isToldBy(Seen told) {
            int ports = tag.equals("scan") ? SCANNED : 1;
            boolean asTheyWere = told.isBetween(client.host, server.host)
                    && told.transport().equals(transport)
                    && told.port() >= port
                    && told.port() < port + ports;
            return asTheyWere
                    || told.clientProgram().equals(client.name)
                    || told.serverProgram().equals(client.name);
        }

        @Override
        public String toString() {
            return (isDependency ? "" : "!") + tag + " " + seen();
        }
    }

    static Truth of(String text) {
        List<Line> lines = new ArrayList<>();
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isBlank() && !all.get(i).startsWith("#")) {
                lines.add(Line.of(i + 1, all.get(i)));
            }
        }
        return new Truth(lines);
    }

    /** What is left of it on these hosts alone. */
    Truth among(String... hosts) {
        Set<String> kept = Set.of(hosts);
        return new Truth(lines.stream()
                .filter(each -> hostsOf(each).allMatch(kept::contains))
                .toList());
    }

    private static Stream<String> hostsOf(Line line) {
        Stream<String> ends = Stream.of(line.client.host, line.server.host);
        return line.instead == null ? ends : Stream.concat(ends, Stream.of(line.instead.host));
    }

    /** Every host that stands in it, in the order of the lines. */
    List<String> hosts() {
        return List.copyOf(lines.stream()
                .flatMap(Truth::hostsOf)
                .collect(LinkedHashSet::new, LinkedHashSet::add, LinkedHashSet::addAll));
    }

    List<Line> of(Predicate<Line> which) {
        return lines.stream().filter(which).toList();
    }

    /** Every program with the lines in which it asks or is asked. */
    Map<Program, List<Line>> programs() {
        Map<Program, List<Line>> programs = new LinkedHashMap<>();
        for (Line each : lines) {
            for (Program end : List.of(each.client, each.server)) {
                programs.computeIfAbsent(end, key -> new ArrayList<>()).add(each);
            }
        }
        return programs;
    }
}
