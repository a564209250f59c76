package enishi.server.store;

import enishi.model.Listener;
import enishi.model.ProcessId;
import java.util.List;

/**
 * A listener, the processes that held it within the window and when it was seen at all, milliseconds since the epoch.
 */
public record KnownListener(Listener listener, List<ProcessId> processes, long firstSeenMillis, long lastSeenMillis) {
    public KnownListener {
        processes = List.copyOf(processes);
    }
}
