package enishi.server.store.recent;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.listener;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.ListenerSpan;
import enishi.model.Program;
import enishi.server.store.recent.Recent.Told;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the store's own tests cannot see: how much of it there is. */
final class ListenerSpansTest {
    private static final long MILLIS = MINUTE * 60_000;

    private static void put(ListenerSpans spans, int port) {
        spans.put(new Told(1, 1), new ListenerSpan(listener(1, port), null, MILLIS, MILLIS + 1));
    }

    private static int known(ListenerSpans spans) {
        return spans.within(MILLIS, MILLIS + 1, Set.of()).size();
    }

    @Test
    void whereThereAreTooManyThereIsNone() {
        Program program = Objects.requireNonNull(listener(1, 1).program());
        int letters = program.name().length() + program.service().length();
        ListenerSpans spans = new ListenerSpans(10 * (256 + 2L * letters));
        spans.becomeWhole();
        for (int port = 1; port <= 10; port++) {
            put(spans, port);
        }
        assertThat(spans.isWhole()).isTrue();
        assertThat(known(spans)).isEqualTo(10);
        put(spans, 10);
        assertThat(known(spans)).isEqualTo(10);
        put(spans, 11);
        assertThat(spans.isTooMany()).isTrue();
        assertThat(known(spans)).isZero();
        spans.becomeWhole();
        assertThat(spans.isWhole()).isFalse();
    }
}
