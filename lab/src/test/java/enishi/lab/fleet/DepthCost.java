package enishi.lab.fleet;

import enishi.lab.fleet.Activity.Mix;
import enishi.server.graph.Compressed;
import java.util.Arrays;
import java.util.Random;

/** How long it takes to go four steps over all dependencies of a fleet. {@code lab/bench/depth} runs it. */
public final class DepthCost {
    private static final int ROUNDS = 300;
    private static final int DEPTH = 4;

    private DepthCost() {}

    /** HOSTS and DEPENDENCIES of each. */
    public static void main(String[] arguments) {
        Fleet fleet =
                new Fleet(new Fleet.Size(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Mix.A, 1));
        int all = fleet.size().all();
        int[] clients = new int[all];
        int[] servers = new int[all];
        for (int each = 0; each < all; each++) {
            clients[each] = fleet.clientOf(each) * Fleet.PROGRAMS + fleet.programOf(each);
            servers[each] = fleet.serverOf(each) * Fleet.PROGRAMS + fleet.serviceOf(each);
        }
        long begun = System.nanoTime();
        Compressed edges = new Compressed(fleet.size().hosts() * Fleet.PROGRAMS, clients, servers);
        System.out.printf("%d dependencies made into rows: %.0f ms%n", all, (System.nanoTime() - begun) / 1e6);
        for (boolean towardServers : new boolean[] {true, false}) {
            measure(edges, new Random(1).ints(ROUNDS, 0, all).toArray(), towardServers);
        }
    }

    private static void measure(Compressed edges, int[] starts, boolean towardServers) {
        double[] millis = new double[starts.length];
        long met = 0;
        for (int round = 0; round < starts.length; round++) {
            long begun = System.nanoTime();
            met += edges.reach(new int[] {starts[round]}, DEPTH, towardServers).length;
            millis[round] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                "toward %s, depth %d, from one of them: %d met on average; ms: p50 %.2f, p99 %.2f, most %.2f%n",
                towardServers ? "servers" : "clients",
                DEPTH,
                met / starts.length,
                millis[starts.length / 2],
                millis[starts.length * 99 / 100],
                millis[starts.length - 1]);
    }
}
