package enishi.server.graph;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Numbered nodes and the edges between them, from client to server, as compressed sparse rows of both directions: two
 * numbers an edge and direction, so that many steps from a node over millions of edges take milliseconds.
 */
public final class Compressed {
    private final int[] clients;
    private final int[] servers;
    private final Rows byClient;
    private final Rows byServer;

    /** The edges of each node: those of node n stand from {@code starts[n]} to {@code starts[n + 1]}. */
    private static final class Rows {
        final int[] starts;
        final int[] edges;

        Rows(int nodes, int[] ends) {
            starts = new int[nodes + 1];
            for (int end : ends) {
                starts[end + 1]++;
            }
            for (int node = 0; node < nodes; node++) {
                starts[node + 1] += starts[node];
            }
            int[] next = starts.clone();
            edges = new int[ends.length];
            for (int edge = 0; edge < ends.length; edge++) {
                edges[next[ends[edge]]++] = edge;
            }
        }
    }

    /**
     * Edges by their ends.
     *
     * @param nodes how many there are; ends are numbers below that
     * @param clients the client of each edge
     * @param servers its server
     */
    public Compressed(int nodes, int[] clients, int[] servers) {
        this.clients = clients.clone();
        this.servers = servers.clone();
        byClient = new Rows(nodes, clients);
        byServer = new Rows(nodes, servers);
    }

    /**
     * These edges and those met by going on from them, each once, the nearer first.
     *
     * @param first where to begin
     * @param depth how many steps, the first edges being one
     * @param towardServers whether to go on from server to server; else from client to client
     */
    public int[] reach(int[] first, int depth, boolean towardServers) {
        int[] ends = towardServers ? servers : clients;
        Rows next = towardServers ? byClient : byServer;
        BitSet passed = new BitSet();
        BitSet met = new BitSet();
        int[] found = first.clone();
        int size = 0;
        for (int edge : first) {
            size = add(found, size, edge, met);
        }
        int begin = 0;
        for (int step = 1; step < depth && begin < size; step++) {
            int end = size;
            for (int each = begin; each < end; each++) {
                int node = ends[found[each]];
                if (!passed.get(node)) {
                    passed.set(node);
                    int from = next.starts[node];
                    int to = next.starts[node + 1];
                    if (found.length < size + to - from) {
                        found = Arrays.copyOf(found, (size + to - from) * 2);
                    }
                    for (int at = from; at < to; at++) {
                        size = add(found, size, next.edges[at], met);
                    }
                }
            }
            begin = end;
        }
        return Arrays.copyOf(found, size);
    }

    private static int add(int[] found, int size, int edge, BitSet met) {
        if (met.get(edge)) {
            return size;
        }
        met.set(edge);
        found[size] = edge;
        return size + 1;
    }
}
