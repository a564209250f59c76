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

    /** The last address before each range and the first behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
                "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
                "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.101.0",
                "203.0.114.0", "223.255.255.255", "2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::",
                "3ffe:ffff::", "3fff:1000::"
            })
    void isGlobalOutsideTheRangesOfSpecialPurpose(String text) {
        assertThat(Address.parse(text).isGlobal()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.0.0",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.255",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.255",
                "224.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "1fff::",
                "2001::",
                "2001:1ff:ffff::",
                "2001:db8::1",
                "3fff::",
                "3fff:fff:ffff::",
                "4000::",
                "fc00::1",
                "fdff::",
                "fe80::1",
                "ff02::1"
            })
    void isNotGlobalWhereEachNetworkNumbersAsItLikes(String text) {
        assertThat(Address.parse(text).isGlobal()).isFalse();
    }
}
