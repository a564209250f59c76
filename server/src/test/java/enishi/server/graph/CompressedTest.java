package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressedTest {
    /** Against edge lists gone through again for each step. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void reachesWhatALookAtEveryEdgeReaches(long seed) {
        Random random = new Random(seed);
        int nodes = 1 + random.nextInt(40);
        int[] clients = random.ints(random.nextInt(120), 0, nodes).toArray();
        int[] servers = random.ints(clients.length, 0, nodes).toArray();
        Compressed edges = new Compressed(nodes, clients, servers);
        for (int depth = 1; depth < 6; depth++) {
            for (boolean towardServers : List.of(true, false)) {
                int[] first = random.ints(clients.length / 9, 0, Math.max(1, clients.length))
                        .toArray();
                List<Integer> found = new ArrayList<>();
                for (int edge : edges.reach(first, depth, towardServers)) {
                    found.add(edge);
                }
                Set<Integer> expected = new LinkedHashSet<>();
                for (int edge : first) {
                    expected.add(edge);
                }
                for (int step = 1; step < depth; step++) {
                    for (int edge : List.copyOf(expected)) {
                        for (int next = 0; next < clients.length; next++) {
                            boolean isNext =
                                    towardServers ? servers[edge] == clients[next] : clients[edge] == servers[next];
                            if (isNext) {
                                expected.add(next);
                            }
                        }
                    }
                }
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected).doesNotHaveDuplicates();
            }
        }
    }
}
