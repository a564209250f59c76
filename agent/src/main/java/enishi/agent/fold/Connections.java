package enishi.agent.fold;

import enishi.model.Flow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections followed, and of these and of short ones those that wait to be folded.
 *
 * <p>When there is no room, one in eleven places is still free for a connection whose dependency no other shows: what a
 * host with too many connections loses is counts, not dependencies.
 */
final class Connections {
    private final LongMap<Connection> open = new LongMap<>();
    private final List<Connection> waiting = new ArrayList<>();
    private final int connectionsMax;
    private final Supplier<Set<Flow>> flows;
    private @Nullable Set<Flow> shown;
    private long in;
    private int shorts;
    private long refusedNow;
    private long refusedBefore;
    private long unfollowed;

    /**
     * Begins with none.
     *
     * @param flows the flows that are shown already, whoever the program is
     */
    Connections(int connectionsMax, Supplier<Set<Flow>> flows) {
        this.connectionsMax = connectionsMax;
        this.flows = flows;
    }

    @Nullable Connection get(long key) {
        return open.get(key);
    }

    /** Takes in a connection known by the notice of its end alone. */
    void addShort(Connection connection) {
        in++;
        shorts++;
        waiting.add(connection);
    }

    /** How many were known by the notice of their end alone since the last {@link #settle}. */
    int shorts() {
        return shorts;
    }

    /**
     * Follows a connection if there is room.
     *
     * @param flow what a connection that waits would be folded into, whoever the program is
     * @return whether it is followed
     */
    boolean follow(Connection connection, Function<Connection, Flow> flow) {
        if (open.size() >= connectionsMax && !isRoomFor(connection, flow)) {
            return refuse();
        }
        in++;
        open.add(connection.key, connection);
        waiting.add(connection);
        return true;
    }

    /** Counts a socket that there is no room to follow. @return that it is not followed */
    boolean refuse() {
        refusedNow++;
        return false;
    }

    private boolean isRoomFor(Connection connection, Function<Connection, Flow> flow) {
        if (open.size() >= connectionsMax + connectionsMax / 10) {
            return false;
        }
        if (shown == null) {
            shown = new HashSet<>(flows.get());
            for (Connection each : waiting) {
                shown.add(flow.apply(each));
            }
        }
        return shown.add(flow.apply(connection));
    }

    /** No longer follows a socket. @return its connection, or null if it was not followed */
    @Nullable Connection remove(long key) {
        return open.remove(key);
    }

    /** Hands on each that waits, and keeps those for which the answer is no. */
    void settle(Predicate<Connection> isSettled) {
        shorts = 0;
        waiting.removeIf(isSettled);
    }

    /** Every connection opened before this moment is folded, wall clock, milliseconds since the epoch. */
    long countedMillis() {
        long counted = Long.MAX_VALUE;
        for (Connection each : waiting) {
            counted = Math.min(counted, each.openedAfterMillis);
        }
        return counted;
    }

    boolean anyWaiting(Predicate<Connection> which) {
        return waiting.stream().anyMatch(which);
    }

    /** Ends a poll: sockets refused now and not at the last poll are newly not followed. */
    void endPoll() {
        unfollowed += Math.max(0, refusedNow - refusedBefore);
        refusedBefore = refusedNow;
        refusedNow = 0;
        shown = null;
    }

    long in() {
        return in;
    }

    long unfollowed() {
        return unfollowed;
    }

    int waiting() {
        return waiting.size();
    }

    int open() {
        return open.size();
    }
}
