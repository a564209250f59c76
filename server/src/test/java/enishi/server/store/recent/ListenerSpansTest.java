package enishi.server.store.recent;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.listener;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.ListenerSpan;
import enishi.server.store.recent.Recent.Told;
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
        ListenerSpans spans = new ListenerSpans(2_560);
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
