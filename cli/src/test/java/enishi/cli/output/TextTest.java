package enishi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @Test
    void noCharacterOfUnicodeReachesATerminalAsACommand() {
        for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
            String safe = Text.safe(Character.toString(each));
            assertThat(safe.codePoints().noneMatch(TextTest::isObeyed))
                    .as("U+%04X", each)
                    .isTrue();
        }
    }

    private static boolean isObeyed(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isISOControl(codePoint) || type == Character.FORMAT || type == Character.SURROGATE;
    }

    @Test
    void whatWasEscapedCannotBeMistakenForWhatWasTyped() {
        assertThat(Text.safe("\u001B")).isEqualTo("\\x1b");
        assertThat(Text.safe("\\x1b")).isEqualTo("\\\\x1b");
        assertThat(Text.safe("\u202E\u2028")).isEqualTo("\\u202e\\u2028");
        assertThat(Text.safe("\uDB40\uDC01")).isEqualTo("\\U000e0001");
        assertThat(Text.safe("\uD800")).isEqualTo("\\ud800");
        assertThat(Text.safe("縁 é 🐘")).isEqualTo("縁 é 🐘");
    }

    @Test
    void jsonStaysJsonAndLosesWhatATerminalObeys() {
        assertThat(Text.safeJson("{\"a\": \"\u009B31m縁\u202E\"}\n")).isEqualTo("{\"a\": \"\\u009b31m縁\\u202e\"}\n");
        assertThat(Text.safeJson("\"\uDB40\uDC01\"")).isEqualTo("\"\\udb40\\udc01\"");
    }

    @ParameterizedTest
    @CsvSource({"abc,3", "縁,2", "データ,6", "한글,4", "e\u0301,1", "🐘,2", "…,1", "ｱ,1", "Ａ,2"})
    void widthIsWhatATerminalTakes(String text, int columns) {
        assertThat(Text.width(text)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({"abcdef,6,abcdef", "abcdef,5,abcd…", "データ,5,デー…", "データ,4,デ…", "データ,6,データ"})
    void cutTextIsNeverWider(String text, int columns, String cut) {
        assertThat(Text.cut(text, columns)).isEqualTo(cut);
        assertThat(Text.width(cut)).isLessThanOrEqualTo(columns);
    }

    @Test
    void wrappedLinesBeginInOneColumn() {
        assertThat(Text.wrapped("note: ", "the quick brown fox jumps", 20)).isEqualTo("""
                note: the quick
                      brown fox
                      jumps
                """);
        assertThat(Text.wrapped("note: ", "the quick brown fox jumps", Integer.MAX_VALUE))
                .isEqualTo("note: the quick brown fox jumps\n");
        assertThat(Text.wrapped("note: ", "aWordThatFitsNowhereAtAll x", 10))
                .isEqualTo("note: aWordThatFitsNowhereAtAll\n      x\n");
    }

    @Test
    void columnsThatMakeNoSenseCutNothing() {
        assertThat(Text.columns("80")).isEqualTo(80);
        assertThat(Text.columns("3")).isEqualTo(40);
        assertThat(Text.columns("0")).isEqualTo(Integer.MAX_VALUE);
        assertThat(Text.columns("-1")).isEqualTo(Integer.MAX_VALUE);
        assertThat(Text.columns("wide")).isEqualTo(Integer.MAX_VALUE);
        assertThat(Text.columns((String) null)).isEqualTo(Integer.MAX_VALUE);
    }
}
