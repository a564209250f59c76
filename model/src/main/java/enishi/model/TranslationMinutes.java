package enishi.model;

import java.util.List;

/** A translation and what was counted of it, minute by minute. */
public record TranslationMinutes(Translation translation, List<TranslationMinute> minutes) {
    public TranslationMinutes {
        minutes = List.copyOf(minutes);
    }
}
