package enishi.lab.accuracy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What fell with each mutation, side by side; {@code lab/mutations} ends with it, with 1 where one went unnoticed. */
final class MutationTable {
    private static final String HEAD = "%-18s %-9s %-9s %-9s %-9s %-9s %s\n"
            .formatted("MUTATION", "RUNG", "PRECISION", "RECALL", "ROLE", "NAMED", "ALONE");

    private MutationTable() {}

    /** FOLDER with the scores of each, by name, and of the tree as it is in "base"; then patches. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        boolean all = true;
        System.out.print(HEAD);
        for (String patch : List.of(arguments).subList(1, arguments.length)) {
            Mutation mutation = Mutation.of(Path.of(patch));
            Figures before = Figures.read(folder.resolve("base"), mutation.rung());
            Figures now = Figures.read(folder.resolve(mutation.name()), mutation.rung());
            all &= isNoticed(mutation, before, now);
            System.out.print(row(mutation, before, now));
        }
        System.out.println(all ? "every mutation is noticed" : "not every mutation is noticed");
        System.exit(all ? 0 : 1);
    }

    /** Whether all that was to fall did. */
    static boolean isNoticed(Mutation mutation, Figures before, Figures now) {
        return now.fallenFrom(before).containsAll(mutation.falls());
    }

    static String row(Mutation mutation, Figures before, Figures now) {
        String overall = Figures.OVERALL.stream()
                .map(each -> "%-9s".formatted(before.text(each) + " " + now.text(each)))
                .collect(Collectors.joining(" "));
        List<String> fallen = now.fallenFrom(before);
        return "%-18s %-9s %s\n".formatted(mutation.name(), mutation.rung().rung(), overall.stripTrailing())
                + "  %s; fell: %s\n"
                        .formatted(
                                isNoticed(mutation, before, now) ? "noticed" : "NOT NOTICED",
                                fallen.isEmpty() ? "nothing" : String.join(" ", fallen));
    }
}
