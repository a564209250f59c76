package enishi.answer;

import org.jspecify.annotations.Nullable;

/**
 * How a dependency differs between two windows.
 *
 * @param certain whether a host that reports it was watched throughout the windows that differ: else it may have been
 *     missed in one of them
 * @param before as it was in the earlier window, or null if it appeared
 * @param after as it was in the later window, or null if it vanished
 */
public record Change(
        Kind kind,
        boolean certain,
        @Nullable Dependency before,
        @Nullable Dependency after) {

    /** What became of it. */
    public enum Kind {
        APPEARED,
        VANISHED,
        CHANGED
    }
}
