package enishi.answer;

import java.util.List;

/**
 * How complete an answer is.
 *
 * @param verdict complete: every second of the window was watched on every host concerned and nothing was lost
 * @param hosts what was watched on each host the answer concerns
 */
public record CoverageVerdict(Verdict verdict, List<HostWatch> hosts) {
    public CoverageVerdict {
        hosts = List.copyOf(hosts);
    }

    /** The three things coverage can say. */
    public enum Verdict {
        COMPLETE,
        GAPS,
        NOT_WATCHED
    }
}
