package enishi.lab.accuracy;

import enishi.lab.accuracy.Seen.Level;
import enishi.lab.accuracy.Truth.Line;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How what was told stands to what was true of one window. Over unix nothing counts but in {@code unix}.
 *
 * @param right true dependencies told the right way round, by service
 * @param reversed told ones that are not true, while the server's host depends on the client's
 * @param named of those that are right, how many lines of the truth have both programs right as well
 * @param alone of those that are named, how many are told of no other programs beside, nor of unknown ones
 * @param toBeNamed how many lines of the truth are right by service
 * @param ephemeral told ones whose port is one that the kernel chooses for clients, and nobody's service
 * @param negatives told ones that come of what was no dependency
 * @param cases how many of each tag's lines were found: by process, or by service where it names nobody
 * @param missed the lines that were not told by service, {@code wrong} what was told by service and is not true,
 *     {@code misnamed} what is true by service, or over unix, and told of other programs or of
 *     unknown ones
 */
record Score(
        Map<Level, Share> levels,
        int right,
        int reversed,
        int named,
        int alone,
        int toBeNamed,
        int ephemeral,
        int negatives,
        Map<String, Share> cases,
        Share unix,
        List<Line> missed,
        Set<String> wrong,
        Set<String> misnamed) {
    private static final int EPHEMERAL_FROM = 32_768;
    private static final int EPHEMERAL_TO = 60_999;

    /** Of so many told and so many true ones, how many are both. */
    record Share(int told, int trueOnes, int both) {
        double precision() {
            return told == 0 ? Double.NaN : (double) both / told;
        }

        double recall() {
            return trueOnes == 0 ? Double.NaN : (double) both / trueOnes;
        }

        double f1() {
            return told + trueOnes == 0 ? Double.NaN : 2.0 * both / (told + trueOnes);
        }
    }

    /** The share of right ones among those of which the one end or the other is the client. */
    double role() {
        return right + reversed == 0 ? Double.NaN : (double) right / (right + reversed);
    }

    double bothNamed() {
        return toBeNamed == 0 ? Double.NaN : (double) named / toBeNamed;
    }

    /**
     * Scores what a method told.
     *
     * @param truth all lines
     * @param exercised those that were exercised; a dependency that was not is neither right nor wrong when told
     */
    static Score of(Set<Seen> told, Truth truth, Set<Line> exercised) {
        Predicate<Line> dependency = each -> each.isDependency() && exercised.contains(each);
        List<Line> lines = truth.of(dependency.and(each -> !each.isUnix()));
        Set<Seen> open = seen(truth.of(each -> each.isDependency() && !exercised.contains(each)));
        open.removeAll(seen(lines));
        Set<Seen> counted = told.stream()
                .filter(each -> !each.transport().equals("unix")
                        && !cut(open, Level.SERVICE).contains(Level.SERVICE.cut(each)))
                .collect(Collectors.toSet());
        Map<Level, Share> levels = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
            Set<Seen> ours = counted.stream()
                    .filter(each -> level != Level.PROCESS || each.hasBothNames())
                    .map(level::cut)
                    .collect(Collectors.toSet());
            levels.put(level, share(ours, cut(seen(lines), level)));
        }
        Set<Seen> services = cut(seen(lines), Level.SERVICE);
        Set<Seen> wrong = counted.stream()
                .filter(each -> !services.contains(Level.SERVICE.cut(each)))
                .collect(Collectors.toSet());
        List<Line> found = lines.stream()
                .filter(each -> cut(counted, Level.SERVICE).contains(Level.SERVICE.cut(each.seen())))
                .toList();
        List<Line> named =
                found.stream().filter(each -> counted.contains(each.seen())).toList();
        Set<Seen> misnamed = new HashSet<>(counted);
        misnamed.removeAll(wrong);
        misnamed.removeAll(seen(lines));
        Set<Seen> unix = seen(truth.of(dependency.and(Line::isUnix)));
        return new Score(
                levels,
                share(cut(counted, Level.SERVICE), services).both(),
                cut(
                                wrong.stream()
                                        .filter(each -> isReversed(each, services))
                                        .collect(Collectors.toSet()),
                                Level.SERVICE)
                        .size(),
                named.size(),
                (int) named.stream()
                        .filter(each -> !cut(misnamed, Level.SERVICE).contains(Level.SERVICE.cut(each.seen())))
                        .count(),
                found.size(),
                cut(wrong.stream().filter(Score::isEphemeral).collect(Collectors.toSet()), Level.SERVICE)
                        .size(),
                (int) counted.stream()
                        .filter(each ->
                                truth.of(line -> !line.isDependency()).stream().anyMatch(line -> line.isToldBy(each)))
                        .count(),
                cases(lines, counted),
                share(
                        told.stream()
                                .filter(each -> each.transport().equals("unix"))
                                .collect(Collectors.toSet()),
                        unix),
                lines.stream().filter(each -> !found.contains(each)).toList(),
                wrong.stream().map(Seen::toString).collect(Collectors.toCollection(TreeSet::new)),
                Stream.concat(
                                misnamed.stream(),
                                told.stream().filter(each -> each.transport().equals("unix") && !unix.contains(each)))
                        .map(Seen::toString)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Share share(Set<Seen> told, Set<Seen> trueOnes) {
        Set<Seen> both = new HashSet<>(told);
        both.retainAll(trueOnes);
        return new Share(told.size(), trueOnes.size(), both.size());
    }

    private static Set<Seen> seen(List<Line> lines) {
        return lines.stream().map(Line::seen).collect(Collectors.toSet());
    }

    private static Set<Seen> cut(Set<Seen> all, Level level) {
        return all.stream().map(level::cut).collect(Collectors.toSet());
    }

    private static boolean isReversed(Seen wrong, Set<Seen> services) {
        return services.stream()
                .anyMatch(each -> each.isBetween(wrong.serverHost(), wrong.clientHost())
                        && each.transport().equals(wrong.transport()));
    }

    private static boolean isEphemeral(Seen wrong) {
        return wrong.port() >= EPHEMERAL_FROM && wrong.port() <= EPHEMERAL_TO;
    }

    private static Map<String, Share> cases(List<Line> lines, Set<Seen> told) {
        boolean names = told.stream().anyMatch(Seen::hasBothNames);
        Set<Seen> ours = names ? told : cut(told, Level.SERVICE);
        Map<String, Share> cases = new TreeMap<>();
        lines.stream().collect(Collectors.groupingBy(Line::tag)).forEach((tag, each) -> {
            Set<Seen> trueOnes = names ? seen(each) : cut(seen(each), Level.SERVICE);
            int both = (int) trueOnes.stream().filter(ours::contains).count();
            cases.put(tag, new Share(both, trueOnes.size(), both));
        });
        return cases;
    }
}
