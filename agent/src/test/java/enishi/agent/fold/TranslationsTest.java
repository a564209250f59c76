package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.TrackedForgotten;
import enishi.agent.capture.Translated;
import enishi.model.Address;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranslationsTest extends FoldKit {
    private static Translated through(int askedPort, long begun, long tracked) {
        return new Translated(
                0,
                Transport.TCP,
                Address.parse("10.0.0.9"),
                Address.parse(HERE),
                askedPort,
                Address.parse("172.17.0.2"),
                80,
                Address.parse("10.0.0.9"),
                begun,
                tracked);
    }

    private TranslationMinute only() {
        List<TranslationMinutes> all = table.flush().translations();
        assertThat(all).hasSize(1);
        assertThat(all.getFirst().minutes()).hasSize(1);
        return all.getFirst().minutes().getFirst();
    }

    @Test
    void connectionsAreCountedInTheMinuteInWhichTheyBegan() {
        poll(through(8080, 3, 2));
        poll(through(8080, 2, 2));
        assertThat(only()).isEqualTo(new TranslationMinute(START / 60_000, 5, 4, START, START + 1_000));
    }

    @Test
    void whatWasToldBeforeTheClockRanBackIsNotToldAgain() {
        poll(through(8080, 3, 2));
        assertThat(only().connections()).isEqualTo(3);
        long anHourAgo = START - 3_600_000;
        now = anHourAgo;
        table.beginIncarnation(now);
        poll();
        assertThat(only()).isEqualTo(new TranslationMinute(anHourAgo / 60_000, 0, 2, anHourAgo, anHourAgo));
    }

    @Test
    void aTranslationNobodyWasToldOfIsNews() {
        poll(through(8080, 1, 1));
        assertThat(table.hasNews()).isTrue();
        table.flush();
        poll(through(8080, 1, 1));
        assertThat(table.hasNews()).isFalse();
    }

    @Test
    void whatIsTrackedIsPresentInEveryMinute() {
        poll(through(8080, 1, 1));
        table.flush();
        now = START + 60_000;
        poll();
        List<TranslationMinute> minutes =
                table.flush().translations().getFirst().minutes();
        assertThat(minutes)
                .containsExactly(
                        new TranslationMinute(START / 60_000, 1, 1, START, START + 60_000),
                        new TranslationMinute(START / 60_000 + 1, 0, 1, START + 60_000, START + 60_000));
    }

    @Test
    void whatIsOlderThanTheAgentIsAdoptedAndNotCountedAsBegun() {
        poll(through(8080, 0, 7));
        assertThat(only().connections()).isZero();
        poll(new TrackedForgotten(0), through(8080, 0, 6));
        assertThat(only().tracked()).isEqualTo(6);
    }

    @Test
    void whatIsTrackedNoMoreIsToldNoMore() {
        poll(through(8080, 1, 1));
        poll(new TrackedForgotten(0));
        table.flush();
        now = START + 60_000;
        poll();
        assertThat(table.flush().translations()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsCountedAndReachesCoverage() {
        table = table(new FoldLimits(10, 10, 10, 2));
        poll(through(1, 1, 1), through(2, 1, 1), through(3, 5, 5), through(1, 1, 1));
        assertThat(table.counters().untranslated()).isEqualTo(5);
        Folded folded = table.flush();
        assertThat(folded.translations()).hasSize(2);
        assertThat(folded.coverage().getFirst().dropped()).isEqualTo(5);
    }

    /** Each connection taken in is folded or dropped, whatever comes. */
    @Test
    void theCountersAddUp() {
        Translations translations = new Translations(new enishi.model.HostId(1, 2), 3);
        for (int i = 0; i < 50; i++) {
            translations.take(through(1 + i % 7, i % 3, i % 5), 1, i);
        }
        assertThat(translations.in()).isPositive().isEqualTo(translations.folded() + translations.dropped());
    }
}
