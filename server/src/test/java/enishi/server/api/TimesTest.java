package enishi.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Window;
import io.helidon.http.Status;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T03:00:30Z");
    private static final Times TIMES = new Times(NOW, ZoneId.of("Asia/Tokyo"));

    private static Window since(String since) {
        return TIMES.window(Optional.of(since), Optional.empty(), Optional.empty());
    }

    private static Window at(String at) {
        return TIMES.window(Optional.empty(), Optional.empty(), Optional.of(at));
    }

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-11-20T02:59:00Z",
        "30m, 2026-11-20T02:30:30Z",
        "2h, 2026-11-20T01:00:30Z",
        "7d, 2026-11-13T03:00:30Z",
        "20000d, 1972-02-17T03:00:30Z",
        "2026-11-20T03:00:00Z, 2026-11-20T03:00:00Z",
        "2026-11-20T03:00:00-05:00, refused",
        "2026-11-20T03:00:00+09:00, 2026-11-19T18:00:00Z",
        "2026-11-20T12:00, 2026-11-20T03:00:00Z",
        "2026-11-20, 2026-11-19T15:00:00Z"
    })
    void aTimeIsRelativeOrRfc3339OrOfTheLocalZone(String text, String expected) {
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> since(text)).hasMessageContaining("lies in the future");
        } else {
            assertThat(since(text).from()).isEqualTo(Instant.parse(expected));
        }
    }

    @Test
    void withoutTimesItIsTheLastHour() {
        Window window = TIMES.window(Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(window).isEqualTo(new Window(NOW.minusSeconds(3600), NOW));
    }

    @Test
    void anEndIsNowOrLaterButTheWindowEndsNow() {
        assertThat(TIMES.window(Optional.of("1h"), Optional.of("now"), Optional.empty())
                        .to())
                .isEqualTo(NOW);
        assertThat(TIMES.window(Optional.of("1h"), Optional.of("2026-12-24"), Optional.empty())
                        .to())
                .isEqualTo(NOW);
        assertThat(TIMES.window(Optional.empty(), Optional.of("1h"), Optional.empty()))
                .isEqualTo(new Window(NOW.minusSeconds(7200), NOW.minusSeconds(3600)));
    }

    @Test
    void oneMinuteIsWholeUnlessItLasts() {
        Instant minute = Instant.parse("2026-11-20T02:59:00Z");
        assertThat(at("90s")).isEqualTo(new Window(minute, minute.plusSeconds(60)));
        assertThat(at("31s")).isEqualTo(new Window(minute, minute.plusSeconds(60)));
        assertThat(at("now")).isEqualTo(new Window(minute.plusSeconds(60), NOW));
        Instant begun = Instant.parse("2026-11-20T03:00:00Z");
        assertThat(new Times(begun, ZoneOffset.UTC)
                        .window(Optional.empty(), Optional.empty(), Optional.of("now"))
                        .from())
                .isEqualTo(begun);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "999999d",
                "99999999999999999999999d",
                "+999999999-12-31T00:00:00Z",
                "-999999999-01-01",
                "1969-12-31T23:59:59Z",
                "10000-01-01",
                "2026-11-20T03:00:31Z",
                "2026-11-21",
                "2026-02-30",
                "2026-11-20T25:00",
                "2026-11-20T03:00:00 09:00",
                "yesterday",
                "5",
                "h",
                "-1h",
                "1.5h",
                "1w",
                "T",
                "Z",
                ""
            })
    void aWrongTimeIsRefusedInOneSentence(String text) {
        for (Runnable asking : new Runnable[] {() -> since(text), () -> at(text)}) {
            assertThatThrownBy(asking::run).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.status()).isEqualTo(Status.BAD_REQUEST_400);
                assertThat(refusal.reason()).doesNotContain("\n").containsPattern("'(since|at)'");
            });
        }
    }

    @Test
    void timesThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> TIMES.window(Optional.of("1h"), Optional.of("2h"), Optional.empty()))
                .hasMessageContaining("must be before 'until'");
        assertThatThrownBy(() -> TIMES.window(Optional.of("1h"), Optional.empty(), Optional.of("2h")))
                .hasMessageContaining("cannot be given with it");
        assertThatThrownBy(() -> since("now")).hasMessageContaining("must be before 'until'");
    }
}
