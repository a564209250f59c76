package enishi.server.store.duckdb.tiers;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Of which flows rows are asked for, as conditions after AND.
 *
 * @param flows on the number of the flow
 * @param hosts on the number of the host, which leaves out nothing more: but a report's minute rows stand together, so
 *     the engine skips blocks of them by the hosts that stand in the statement itself
 */
public record Only(String flows, String hosts) {
    /**
     * Those of some flows.
     *
     * @param numbers a question whose one column is their numbers
     * @param hosts the numbers of the hosts that observed them
     */
    public static Only of(String numbers, Set<Integer> hosts) {
        String list = hosts.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new Only(
                " AND flow IN (" + numbers + ")", hosts.isEmpty() ? " AND false" : " AND host IN (" + list + ")");
    }

    String minuteRows() {
        return flows + hosts;
    }
}
