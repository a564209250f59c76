package enishi.lab.accuracy;

import enishi.lab.OpenFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One short quiet window on some of the hosts, scored for two rungs; {@code lab/mutations} starts it for each mutation. */
final class MutationRun {
    private static final List<Method> RUNGS = List.of(Method.ENISHI_EBPF, Method.ENISHI_SOCK_DIAG);

    private MutationRun() {}

    /** FOLDER, SECONDS and a file for lines of JSON. */
    public static void main(String[] arguments) throws Exception {
        Truth truth = Laboratory.someOfTheTruth();
        try (OpenFolder folder = new OpenFolder(Path.of(arguments[0]));
                Laboratory laboratory = new Laboratory(truth, folder, RUNGS)) {
            Window.Outcome outcome = Window.run(laboratory, Integer.parseInt(arguments[1]), 0, 0);
            Map<Method, Score> scored = new EnumMap<>(Method.class);
            RUNGS.forEach(each -> scored.put(each, outcome.score(each, truth)));
            System.out.println(Table.of(scored, outcome, truth));
            Files.write(Path.of(arguments[2]), Table.json("quiet", 1, scored));
        }
        System.exit(0);
    }
}
