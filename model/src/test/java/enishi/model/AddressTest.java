package enishi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    /** RFC 5952 section 4, one address for each of its rules. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::1",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "::",
                "::1",
                "fe80::",
                "1:2:3:4:5:6:7:8",
                "127.0.0.1",
                "255.255.255.255",
                "0.0.0.0"
            })
    void parsesAndPrintsCanonicalText(String text) {
        assertThat(Address.parse(text)).hasToString(text);
        assertThat(Address.of(Address.parse(text).bytes())).hasToString(text);
    }

    @Test
    void mappedV4EqualsV4() {
        assertThat(Address.parse("::ffff:10.0.0.1")).isEqualTo(Address.parse("10.0.0.1"));
    }

    @Test
    void neverLooksUpAName() {
        assertThatThrownBy(() -> Address.parse("localhost")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Address.parse("300.1.1.1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsWildcardsAndLoopback() {
        assertThat(Address.ANY_V4.isWildcard()).isTrue();
        assertThat(Address.ANY_V6.isWildcard()).isTrue();
        assertThat(Address.parse("127.9.9.9").isLoopback()).isTrue();
        assertThat(Address.parse("::1").isLoopback()).isTrue();
        assertThat(Address.parse("128.0.0.1").isLoopback()).isFalse();
    }
}
