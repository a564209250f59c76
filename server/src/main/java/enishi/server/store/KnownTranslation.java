package enishi.server.store;

import enishi.model.Translation;

/**
 * A translation within a window. Of a time of which minute rows were dropped, what is told of a part of a day is that
 * of the whole day.
 *
 * @param connections how many began and were told by the kernel
 * @param tracked how many the kernel held at the end of the last minute in which there was any
 * @param firstSeenMillis when it was seen, milliseconds since the epoch
 * @param lastSeenMillis likewise
 */
public record KnownTranslation(
        Translation translation, long connections, long tracked, long firstSeenMillis, long lastSeenMillis) {

    /** This and a later part of the window. */
    public KnownTranslation then(KnownTranslation later) {
        return new KnownTranslation(
                translation,
                FlowTotals.sum(connections, later.connections),
                later.tracked,
                Math.min(firstSeenMillis, later.firstSeenMillis),
                Math.max(lastSeenMillis, later.lastSeenMillis));
    }
}
