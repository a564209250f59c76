package enishi.agent.fold;

import enishi.agent.capture.Translated;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import java.util.ArrayList;
import java.util.List;

/** One translation's counts: the minute that lasts, and the minutes finished but not yet flushed. */
final class TranslationCounts {
    private final Translation translation;
    private final List<TranslationMinute> finished = new ArrayList<>(1);
    private long minute;
    private long connections;
    private long tracked;
    private long firstSeenMillis;
    private long lastSeenMillis;
    private boolean changed;

    TranslationCounts(Translation translation, long minute, long nowMillis) {
        this.translation = translation;
        this.minute = minute;
        firstSeenMillis = nowMillis;
        lastSeenMillis = nowMillis;
    }

    void take(Translated told, long nowMillis) {
        connections += told.begun();
        tracked += told.tracked();
        touch(nowMillis);
    }

    void forgetTracked() {
        tracked = 0;
    }

    long namespace() {
        return translation.namespace();
    }

    private void touch(long nowMillis) {
        lastSeenMillis = Math.max(lastSeenMillis, nowMillis);
        changed = true;
    }

    /** Ends the minute and begins another, in which what is tracked is present. */
    void roll(long next, long nowMillis) {
        if (tracked > 0) {
            touch(nowMillis);
        }
        if (changed) {
            finished.add(now());
        }
        begin(next, nowMillis);
    }

    /** Begins another minute, in which what is tracked is present. */
    void begin(long next, long nowMillis) {
        minute = next;
        connections = 0;
        firstSeenMillis = nowMillis;
        lastSeenMillis = nowMillis;
        changed = tracked > 0;
    }

    private TranslationMinute now() {
        return new TranslationMinute(minute, connections, tracked, firstSeenMillis, lastSeenMillis);
    }

    boolean hasNews() {
        return changed || !finished.isEmpty();
    }

    /** Whether nothing is tracked, nothing waits to be flushed, and the minute it last counted in is over. */
    boolean isOver() {
        return tracked == 0 && connections == 0 && !hasNews();
    }

    TranslationMinutes flush() {
        List<TranslationMinute> minutes = new ArrayList<>(finished);
        finished.clear();
        if (changed) {
            minutes.add(now());
            changed = false;
        }
        return new TranslationMinutes(translation, minutes);
    }
}
