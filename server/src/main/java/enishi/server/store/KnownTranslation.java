package enishi.server.store;

import enishi.model.Translation;

/**
 * A translation within a window. Of a time of which minute rows were dropped the hours are known in which it was there.
 *
 * @param firstMinute of the window in which it was there, minutes since the epoch
 * @param lastMinute likewise, inclusive
 */
public record KnownTranslation(Translation translation, long firstMinute, long lastMinute) {

    /** This and another part of the window. */
    public KnownTranslation with(KnownTranslation other) {
        return new KnownTranslation(
                translation, Math.min(firstMinute, other.firstMinute), Math.max(lastMinute, other.lastMinute));
    }
}
