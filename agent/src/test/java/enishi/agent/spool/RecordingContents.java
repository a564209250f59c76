package enishi.agent.spool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers what was dropped; folds reports that say the same before a colon into the last of them. */
final class RecordingContents implements Contents {
    final List<String> dropped = new ArrayList<>();

    @Override
    public void dropped(byte[] report) {
        dropped.add(SpoolText.of(report));
    }

    @Override
    public Folding folding() {
        Map<String, Long> last = new HashMap<>();
        return new Folding() {
            @Override
            public void note(SpoolRecord report) {
                last.put(key(report), report.sequence());
            }

            @Override
            public Optional<byte[]> rest(SpoolRecord report) {
                return last.getOrDefault(key(report), 0L) == report.sequence()
                        ? Optional.of(report.bytes())
                        : Optional.empty();
            }
        };
    }

    private static String key(SpoolRecord report) {
        String text = SpoolText.of(report.bytes());
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }
}
