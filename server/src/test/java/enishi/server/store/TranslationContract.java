package enishi.server.store;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store promises of translations. */
interface TranslationContract {
    /** Empty when a test begins. */
    Store store();

    static Translation published(int host, int port) {
        return new Translation(
                Reports.host(host).id(),
                4_026_531_840L,
                port % 2 == 0 ? Transport.TCP : Transport.UDP,
                Address.parse("2001:db8::9"),
                Address.parse("10.0.0.1"),
                port,
                Address.parse("172.17.0.2"),
                65_535,
                Address.parse("172.17.0.1"));
    }

    static TranslationMinute minute(int minute, long connections, long tracked) {
        long at = (MINUTE + minute) * 60_000;
        return new TranslationMinute(MINUTE + minute, connections, tracked, at, at + 1_000);
    }

    @Test
    default void aTranslationIsThereInItsMinutesAlone() {
        store().append(List.of(Reports.translated(1, 5, 1, published(1, 80), minute(3, 7, 2))));
        assertThat(store().translations(window(0, 3))).isEmpty();
        assertThat(store().translations(window(4, 9))).isEmpty();
        long at = (MINUTE + 3) * 60_000;
        assertThat(store().translations(window(3, 4)))
                .containsExactly(new KnownTranslation(published(1, 80), 7, 2, at, at + 1_000));
    }

    @Test
    default void minutesAndIncarnationsAreSummedAndALaterReportReplaces() {
        Received late = Reports.translated(1, 5, 9, published(1, 80), minute(3, 8, 4));
        store().append(List.of(late));
        store().append(List.of(
                Reports.translated(1, 5, 1, published(1, 80), minute(3, 7, 2)),
                Reports.translated(1, 6, 1, published(1, 80), minute(4, 1, 1)),
                Reports.translated(2, 5, 1, published(2, 81), minute(4, 100, 0)),
                late));
        assertThat(store().translations(window(0, 9)))
                .extracting(KnownTranslation::translation, KnownTranslation::connections, KnownTranslation::tracked)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(published(1, 80), 9L, 1L),
                        org.assertj.core.groups.Tuple.tuple(published(2, 81), 100L, 0L));
    }
}
