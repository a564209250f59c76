package enishi.lab.accuracy;

import enishi.lab.accuracy.Score.Share;
import enishi.lab.accuracy.Seen.Level;
import enishi.lab.accuracy.Truth.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores as text of 80 columns, and as lines of JSON. */
final class Table {
    private static final String HEAD = """
                                     BY SERVICE              BOTH            HOST   PROCESS
            METHOD                  PREC  REC   F1   ROLE  NAMED  EPH  NEG   F1    PREC  REC
            """;

    private Table() {}

    /** One window. */
    static String of(Map<Method, Score> scores, Window.Outcome outcome, Truth truth) {
        StringBuilder text = new StringBuilder(HEAD);
        scores.forEach((method, score) -> text.append(row(method, List.of(score))));
        int dependencies = truth.of(Line::isDependency).size();
        long exercised = outcome.exercised().stream().filter(Line::isDependency).count();
        text.append("exercised: " + exercised + " of " + dependencies + " dependencies, "
                + (outcome.exercised().size() - exercised) + " of "
                + (truth.lines().size() - dependencies)
                + " that are none; packets lost by the capture: " + outcome.lost() + "\n");
        outcome.left().forEach(each -> text.append("not exercised, left out: " + each + "\n"));
        outcome.unwatched()
                .forEach((method, lines) -> lines.forEach(each -> text.append(
                        method.title() + ": exercised only while a host was not watched, left out: " + each + "\n")));
        if (!outcome.kills().isEmpty()) {
            text.append("agents killed: " + outcome.kills().size() + ", of them not told as gaps: "
                    + outcome.untold().size() + "\n");
        }
        outcome.coverage().forEach((name, words) -> text.append(name + ": " + words + "\n"));
        scores.forEach((method, score) -> {
            if (!method.rung().isEmpty()) {
                score.missed().forEach(each -> text.append(method.title() + " missed " + each + "\n"));
                score.wrong().forEach(each -> text.append(method.title() + " wrong " + each + "\n"));
                score.misnamed().forEach(each -> text.append(method.title() + " misnamed " + each + "\n"));
                text.append(method.title() + ": over unix " + score.unix().both() + " of "
                        + score.unix().trueOnes() + ", " + score.unix().told() + " told\n");
            }
        });
        return text.toString();
    }

    /** Medians of several windows, with the least and the most where they differ; then what each found of each case. */
    static String ofAll(List<Map<Method, Score>> windows) {
        StringBuilder text = new StringBuilder(HEAD);
        for (Method method : windows.getFirst().keySet()) {
            List<Score> scores = windows.stream()
                    .flatMap(each -> Stream.ofNullable(each.get(method)))
                    .toList();
            text.append(row(method, scores)).append(spread(scores));
        }
        text.append("\nfound of each case, by process; by service where a method names nobody\n");
        List<Method> methods = List.copyOf(windows.getFirst().keySet());
        text.append("%-13s".formatted("CASE"));
        methods.forEach(each -> text.append("%8s".formatted(shortly(each))));
        TreeSet<String> tags = new TreeSet<>();
        windows.forEach(
                each -> each.values().forEach(score -> tags.addAll(score.cases().keySet())));
        for (String tag : tags) {
            text.append("\n%-13s".formatted(tag));
            for (Method method : methods) {
                List<Share> shares = windows.stream()
                        .flatMap(each -> Stream.ofNullable(each.get(method)))
                        .flatMap(each -> Stream.ofNullable(each.cases().get(tag)))
                        .toList();
                text.append("%8s"
                        .formatted(shares.stream().mapToInt(Share::both).sum() + "/"
                                + shares.stream().mapToInt(Share::trueOnes).sum()));
            }
        }
        return text.append('\n').toString();
    }

    private static String shortly(Method method) {
        return switch (method) {
            case ENISHI_EBPF -> "ebpf";
            case ENISHI_SOCK_DIAG -> "diag";
            case SHAWK -> "shawk";
            case SS_1 -> "ss 1s";
            case SS_10 -> "ss 10s";
            case FIRST_PACKET -> "packet";
            case NSDMINER_EXCLUSIVE -> "nsd-ex";
            case NSDMINER_SHARED -> "nsd-sh";
        };
    }

    private static String row(Method method, List<Score> scores) {
        Function<Function<Score, Double>, String> at = of -> figure(median(scores, of));
        return "%-23s%s%s%s %s  %s %4.0f %4.0f %s  %s%s\n"
                .formatted(
                        method.title(),
                        at.apply(each -> share(each, Level.SERVICE).precision()),
                        at.apply(each -> share(each, Level.SERVICE).recall()),
                        at.apply(each -> share(each, Level.SERVICE).f1()),
                        at.apply(Score::role),
                        at.apply(Score::bothNamed),
                        median(scores, each -> (double) each.ephemeral()),
                        median(scores, each -> (double) each.negatives()),
                        at.apply(each -> share(each, Level.HOST).f1()),
                        at.apply(each -> share(each, Level.PROCESS).precision()),
                        at.apply(each -> share(each, Level.PROCESS).recall()));
    }

    private static String spread(List<Score> scores) {
        return "  from-to: precision %s, recall %s, named %s\n"
                .formatted(
                        range(scores, each -> share(each, Level.SERVICE).precision()),
                        range(scores, each -> share(each, Level.SERVICE).recall()),
                        range(scores, Score::bothNamed));
    }

    private static Share share(Score score, Level level) {
        Share share = score.levels().get(level);
        return share == null ? new Share(0, 0, 0) : share;
    }

    private static String range(List<Score> scores, Function<Score, Double> of) {
        List<Double> all = sorted(scores, of);
        return figure(all.getFirst()).strip() + "-" + figure(all.getLast()).strip();
    }

    private static double median(List<Score> scores, Function<Score, Double> of) {
        List<Double> all = sorted(scores, of);
        int half = all.size() / 2;
        return all.size() % 2 == 1 ? all.get(half) : (all.get(half - 1) + all.get(half)) / 2;
    }

    private static List<Double> sorted(List<Score> scores, Function<Score, Double> of) {
        return scores.stream().map(of).sorted(Comparator.naturalOrder()).toList();
    }

    /** Cut, not rounded: 1.00 is all of them. */
    private static String figure(double value) {
        return Double.isNaN(value) ? "    -" : "%5.2f".formatted(Math.floor(value * 100 + 1e-9) / 100);
    }

    /** A line of JSON for each method of a window. */
    static List<String> json(String load, int repeat, Map<Method, Score> scores) {
        List<String> lines = new ArrayList<>();
        scores.forEach((method, score) -> {
            String levels = score.levels().entrySet().stream()
                    .map(each -> "\"%s\":{\"told\":%d,\"true\":%d,\"both\":%d}"
                            .formatted(
                                    each.getKey().name().toLowerCase(Locale.ROOT),
                                    each.getValue().told(),
                                    each.getValue().trueOnes(),
                                    each.getValue().both()))
                    .collect(Collectors.joining(","));
            String cases = score.cases().entrySet().stream()
                    .map(each -> "\"%s\":[%d,%d]"
                            .formatted(
                                    each.getKey(),
                                    each.getValue().both(),
                                    each.getValue().trueOnes()))
                    .collect(Collectors.joining(","));
            lines.add(
                    "{\"load\":\"%s\",\"repeat\":%d,\"method\":\"%s\",%s,\"reversed\":%d,\"named\":%d,\"to_be_named\":%d,"
                                    .formatted(
                                            load,
                                            repeat,
                                            method.title(),
                                            levels,
                                            score.reversed(),
                                            score.named(),
                                            score.toBeNamed())
                            + "\"ephemeral\":%d,\"negatives\":%d,\"alone\":%d,\"cases\":{%s},\"missed\":[%s],\"wrong\":[%s]}"
                                    .formatted(
                                            score.ephemeral(),
                                            score.negatives(),
                                            score.alone(),
                                            cases,
                                            quoted(score.missed().stream()
                                                    .map(Line::toString)
                                                    .toList()),
                                            quoted(List.copyOf(score.wrong()))));
        });
        return lines;
    }

    /** What JSON would escape is told as an underscore: no name of the laboratory has it. */
    private static String quoted(List<String> texts) {
        return texts.stream()
                .map(each -> "\"" + each.replaceAll("[^ -~]|[\"\\\\]", "_") + "\"")
                .collect(Collectors.joining(","));
    }
}
