package enishi.server.store;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Between;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.Transport;
import java.util.List;
import java.util.Set;
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

    private static KnownTranslation known(Translation translation, int first, int last) {
        return new KnownTranslation(translation, MINUTE + first, MINUTE + last);
    }

    @Test
    default void aTranslationIsThereInItsMinutesAlone() {
        store().append(List.of(Reports.translated(1, 5, 1, published(1, 80), minute(3, 7, 2))));
        assertThat(store().translations(window(0, 3))).isEmpty();
        assertThat(store().translations(window(4, 9))).isEmpty();
        assertThat(store().translations(window(3, 4))).containsExactly(known(published(1, 80), 3, 3));
    }

    @Test
    default void minutesAndIncarnationsAreUnitedWhateverTheOrder() {
        Received late = Reports.translated(1, 5, 9, published(1, 80), minute(3, 8, 4));
        store().append(List.of(late));
        store().append(List.of(
                Reports.translated(1, 5, 1, published(1, 80), minute(3, 7, 2), minute(70, 1, 1), minute(199, 1, 1)),
                Reports.translated(1, 6, 1, published(1, 80), minute(4, 1, 1)),
                Reports.translated(2, 5, 1, published(2, 81), minute(4, 100, 0)),
                late));
        assertThat(store().translations(window(0, 9)))
                .containsExactlyInAnyOrder(known(published(1, 80), 3, 4), known(published(2, 81), 4, 4));
        assertThat(store().translations(window(4, 199)))
                .containsExactlyInAnyOrder(known(published(1, 80), 4, 70), known(published(2, 81), 4, 4));
        assertThat(store().translations(window(5, 300))).containsExactly(known(published(1, 80), 70, 199));
    }

    @Test
    default void thoseAreFoundThatLeadFromOrToWhatIsMet() {
        Translation one = published(1, 80);
        Translation other = published(1, 82);
        store().append(List.of(
                Reports.translated(1, 5, 1, one, minute(3, 1, 1)),
                Reports.translated(1, 5, 2, other, minute(3, 1, 1))));
        Between before = Between.before(one);
        assertThat(store().translations(window(0, 9), Set.of(before))).containsExactly(known(one, 3, 3));
        assertThat(store().translations(window(0, 9), Set.of(Between.after(one))))
                .containsExactlyInAnyOrder(known(one, 3, 3), known(other, 3, 3));
        Between udp = new Between(before.client(), before.server(), before.serverPort(), Transport.UDP);
        assertThat(store().translations(window(0, 9), Set.of(udp))).isEmpty();
        assertThat(store().translations(window(4, 9), Set.of(before))).isEmpty();
        assertThat(store().translations(window(0, 9), Set.of())).isEmpty();
    }
}
