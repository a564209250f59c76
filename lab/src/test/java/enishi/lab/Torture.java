package enishi.lab;

import enishi.answer.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One torment after the other, while a load goes on; in the end what is kept is held against the truth. */
final class Torture {
    private static final Duration BETWEEN = Duration.ofSeconds(4);

    private Torture() {}

    /**
     * What one torment came to.
     *
     * @param load of the load's seconds from its beginning until the next began
     * @param faults what is wrong with the torment's own connections
     */
    record Outcome(String torment, LoadTruth.Verdict load, List<String> faults) {
        boolean isGood() {
            return load.lost() == 0 && load.doubled() == 0 && faults.isEmpty();
        }
    }

    private record Begun(long second, Torment.Aftermath aftermath) {}

    static List<Outcome> run(List<Torment> torments, long seed) throws Exception {
        Instant begun = Instant.now().minusSeconds(60);
        try (TortureRig rig = new TortureRig(seed)) {
            Map<String, Begun> all = new LinkedHashMap<>();
            for (Torment each : torments) {
                long second = Instant.now().getEpochSecond();
                all.put(each.name(), new Begun(second, each.happen(rig)));
                rig.awaitWatching();
                rig.pass(BETWEEN);
            }
            LoadWatch.Settled settled = rig.settle();
            Instant ended = Instant.now();
            List<Dependency> kept =
                    new ArrayList<>(rig.requests().export(begun, ended).dependencies());
            kept.addAll(rig.requests().attempts(begun, ended).dependencies());
            List<Outcome> outcomes = new ArrayList<>();
            List<Map.Entry<String, Begun>> inTurn = List.copyOf(all.entrySet());
            for (int i = 0; i < inTurn.size(); i++) {
                Begun from = inTurn.get(i).getValue();
                long next = i + 1 < inTurn.size() ? inTurn.get(i + 1).getValue().second : Long.MAX_VALUE;
                outcomes.add(new Outcome(
                        inTurn.get(i).getKey(), settled.between(from.second, next), from.aftermath.faults(kept)));
            }
            return outcomes;
        }
    }

    /** KILLS and perhaps SEED. Ends with 1 if anything was lost or counted twice. */
    public static void main(String[] arguments) throws Exception {
        int kills = Integer.parseInt(arguments[0]);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : new Random().nextInt(1_000_000_000);
        System.out.println("seed " + seed);
        List<Outcome> outcomes = run(Torments.all(kills), seed);
        System.out.print(text(outcomes));
        System.exit(outcomes.stream().allMatch(Outcome::isGood) ? 0 : 1);
    }

    static String text(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder();
        String row = "%-28s %8s %8s %8s %6s %8s%n";
        text.append(row.formatted("torment", "opened", "kept", "in gaps", "lost", "doubled"));
        for (Outcome each : outcomes) {
            LoadTruth.Verdict load = each.load();
            text.append(row.formatted(
                    each.torment(), load.opened(), load.stored(), load.inGaps(), load.lost(), load.doubled()));
            load.odd().forEach(odd -> text.append("  ").append(odd).append('\n'));
            each.faults().forEach(fault -> text.append("  ").append(fault).append('\n'));
        }
        return text.toString();
    }
}
