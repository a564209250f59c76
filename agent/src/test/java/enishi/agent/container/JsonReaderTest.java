package enishi.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static final String TEXT = """
            {"a": [1, -2.5e+3, true, false, null, "x", {}, [ ]], "b\\u0063": {"\\"\\\\\\/": "\\t\\uD83D\\uDE00é"}}
            """;

    @Test
    void stringsAreReadWhereverTheyLie() throws IOException {
        Json json = JsonReader.read(TEXT);
        assertThat(json.at("a").items()).hasSize(8);
        assertThat(json.at("a").items().get(5).text()).contains("x");
        assertThat(json.at("bc").at("\"\\/").text()).contains("\t\uD83D\uDE00é");
    }

    @Test
    void whatIsNotThereIsNothing() throws IOException {
        Json json = JsonReader.read("{\"a\":null,\"b\":7}");
        assertThat(json.at("a").at("x").text()).isEmpty();
        assertThat(json.at("b").text()).isEmpty();
        assertThat(json.at("c").items()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\"}",
                "[1,]",
                "\"a",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "{} {}",
                "{\"a\":}",
                "<html>"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(IOException.class);
    }

    /** A stack is not endless. */
    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(IOException.class);
    }

    /** Another program's file may be cut or damaged anywhere. */
    @Test
    void damageIsNothingButRefused() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder damaged = new StringBuilder(TEXT.substring(0, random.nextInt(TEXT.length() + 1)));
            if (!damaged.isEmpty()) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(128));
            }
            try {
                JsonReader.read(damaged.toString());
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("no JSON");
            }
        }
    }
}
