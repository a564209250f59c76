package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.server.graph.Hosts.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dependency and what is known of it beyond its answer: hosts by id, for names may repeat.
 *
 * @param attempt whether nothing was established or proved: kept, but no dependency
 * @param partOfBytes whether the bytes of some of what was folded into it are unknown, those of others known
 * @param via the hosts that translate addresses between the ends
 * @param identity what tells it from every other of the same level, and stays the same when it is asked for again
 */
public record Joined(
        Dependency dependency,
        Side client,
        Side server,
        boolean attempt,
        boolean partOfBytes,
        List<HostId> via,
        Object identity) {

    public Joined {
        via = List.copyOf(via);
    }

    /**
     * One end.
     *
     * @param host the host it is, or null where nobody can tell
     * @param places where it is; where nobody can tell, every place that it may be
     * @param processes everyone known to stand behind it, however many the answer lists
     */
    public record Side(@Nullable HostId host, List<Place> places, List<ProcessId> processes) {
        public Side {
            places = List.copyOf(places);
            processes = List.copyOf(processes);
        }

        boolean isOn(HostId asked) {
            return asked.equals(host);
        }

        boolean isHeldBy(int pid) {
            return processes.stream().anyMatch(each -> each.pid() == pid);
        }
    }
}
