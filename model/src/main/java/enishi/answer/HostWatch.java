package enishi.answer;

import enishi.model.Rung;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was watched on one host within a window.
 *
 * @param host its name
 * @param hostId 32 hexadecimal digits
 * @param rung the worst rung of the window, or null if never watched
 * @param watchedSeconds seconds of the window that were watched
 * @param gaps spans that were not, to the second, the longest first, at most 10
 * @param moreGaps how many more there are
 * @param seen sockets seen
 * @param lost closed sockets whose notice the kernel dropped
 * @param dropped facts discarded for want of room
 * @param unknownOwner connections whose process nobody could tell
 * @param unseenPeers UDP sockets whose peers this rung cannot see, the most of any minute
 * @param unaccounted TCP connections that the kernel's counters hold and nobody told
 * @param clockOffsetMillis its clock minus the server's, at least, when it ran ahead most; null if unknown
 */
public record HostWatch(
        String host,
        String hostId,
        @Nullable Rung rung,
        long watchedSeconds,
        List<Gap> gaps,
        int moreGaps,
        long seen,
        long lost,
        long dropped,
        long unknownOwner,
        long unseenPeers,
        long unaccounted,
        @Nullable Long clockOffsetMillis) {
    public HostWatch {
        gaps = List.copyOf(gaps);
    }
}
