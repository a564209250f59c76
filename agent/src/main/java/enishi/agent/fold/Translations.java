package enishi.agent.fold;

import enishi.agent.capture.Translated;
import enishi.model.HostId;
import enishi.model.Translation;
import enishi.model.TranslationMinutes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translated connections in, translations out. Of the connections taken in, {@code in == folded + dropped}: each is
 * counted in its translation, or there was no room for that.
 */
final class Translations {
    private final HostId host;
    private final int max;
    private final Map<Translation, TranslationCounts> all = new HashMap<>();
    private long in;
    private long folded;
    private long dropped;

    Translations(HostId host, int max) {
        this.host = host;
        this.max = max;
    }

    /** Counts in this minute. @return whether nobody was told of the translation yet */
    boolean take(Translated told, long minute, long nowMillis) {
        long connections = Math.max(told.begun(), told.tracked());
        in += connections;
        Translation translation = told.translation(host);
        TranslationCounts counts = all.get(translation);
        boolean isNew = counts == null;
        if (counts == null) {
            if (all.size() >= max) {
                dropped += connections;
                return false;
            }
            counts = new TranslationCounts(translation, minute, nowMillis);
            all.put(translation, counts);
        }
        folded += connections;
        counts.take(told, nowMillis);
        return isNew;
    }

    /** What a namespace tracks will be told anew, or it is gone. */
    void forgetTracked(long namespace) {
        all.values().stream().filter(each -> each.namespace() == namespace).forEach(TranslationCounts::forgetTracked);
    }

    void roll(long minute, long nowMillis) {
        all.values().forEach(each -> each.roll(minute, nowMillis));
        all.values().removeIf(TranslationCounts::isOver);
    }

    /** Leaves every translation's minute as it was flushed and begins another. */
    void begin(long minute, long nowMillis) {
        all.values().forEach(each -> each.begin(minute, nowMillis));
    }

    /** What changed since the last flush. */
    List<TranslationMinutes> flush() {
        return all.values().stream()
                .filter(TranslationCounts::hasNews)
                .map(TranslationCounts::flush)
                .toList();
    }

    long in() {
        return in;
    }

    long folded() {
        return folded;
    }

    long dropped() {
        return dropped;
    }
}
