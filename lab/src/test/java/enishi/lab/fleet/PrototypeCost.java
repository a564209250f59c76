package enishi.lab.fleet;

import enishi.lab.fleet.Activity.Mix;
import enishi.server.store.Received;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * Durable ingest through our store beside that of the authors' prototype: the same reports of the same minute to both,
 * in rounds that take turns at going first. {@code lab/bench/prototype} runs it.
 */
public final class PrototypeCost {
    private static final long FIRST_MINUTE = 29_000_040;

    /** Until the code of a server that has run for a while is compiled; the prototype's runs in PostgreSQL. */
    private static final int WARM_MINUTES = 40;

    private PrototypeCost() {}

    /** FOLDER for our store, URL of an empty PostgreSQL database, HOSTS, DEPENDENCIES of each, ROUNDS of a minute. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Fleet fleet = new Fleet(
                new Fleet.Size(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Mix.ALWAYS_ON, 1));
        FleetReports reports = new FleetReports(fleet);
        double[] ours = new double[Integer.parseInt(arguments[4])];
        double[] theirs = new double[ours.length];
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(Path.of(arguments[0], "store.duckdb")));
                Prototype prototype = new Prototype(arguments[1])) {
            for (int minute = -1 - WARM_MINUTES; minute < -1; minute++) {
                IngestCost.groups(fleet, reports, FIRST_MINUTE + minute).forEach(store::append);
            }
            for (int round = -1; round < ours.length; round++) {
                List<List<Received>> groups = IngestCost.groups(fleet, reports, FIRST_MINUTE + round);
                long flows = groups.stream()
                        .flatMap(List::stream)
                        .mapToLong(IngestCost::rows)
                        .sum();
                long before = prototype.statements();
                boolean first = round % 2 == 0;
                double other = first ? 0 : IngestCost.seconds(() -> append(prototype, groups));
                double own = IngestCost.seconds(() -> groups.forEach(store::append));
                other = first ? IngestCost.seconds(() -> append(prototype, groups)) : other;
                System.out.printf(
                        "%7d flows: store %7.0f flows/s, prototype %6.0f flows/s by %.1f statements a flow, ratio %.0f%s%n",
                        flows,
                        flows / own,
                        flows / other,
                        (prototype.statements() - before) / (double) flows,
                        other / own,
                        round < 0 ? " (first, new flows to the prototype: left out)" : "");
                if (round >= 0) {
                    ours[round] = flows / own;
                    theirs[round] = flows / other;
                }
            }
        }
        summarize(ours, theirs);
    }

    private static void append(Prototype prototype, List<List<Received>> groups) {
        try {
            for (List<Received> group : groups) {
                for (Received each : group) {
                    prototype.append(each.report());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the prototype's database refused a report", e);
        }
    }

    private static void summarize(double[] ours, double[] theirs) {
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, round -> ours[round] / theirs[round]);
        print("store, flows/s", ours);
        print("prototype, flows/s", theirs);
        print("ratio", ratios);
    }

    private static void print(String what, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%-18s median %8.0f [%.0f, %.0f]%n",
                what, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
