package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsAnswerTest {
    private static final byte[] TWO = DnsMessages.answer("Api.Example.com", "192.0.2.1", "192.0.2.2");

    private static List<Address> addresses(String... all) {
        return Arrays.stream(all).map(Address::parse).toList();
    }

    @Test
    void aNameStandsForItsAddresses() {
        assertThat(DnsAnswer.of(TWO)).contains(new DnsAnswer("api.example.com", addresses("192.0.2.1", "192.0.2.2")));
        assertThat(DnsAnswer.of(DnsMessages.answer("six.example", "2001:db8::1")))
                .contains(new DnsAnswer("six.example", addresses("2001:db8::1")));
        assertThat(DnsAnswer.of(DnsMessages.answer("_svc.a-b.example", "192.0.2.1"))
                        .orElseThrow()
                        .name())
                .isEqualTo("_svc.a-b.example");
    }

    /** The kernel tells the beginning of a long message. */
    @Test
    void whatIsCutGivesWhatIsWhole() {
        for (int bytes = 0; bytes < TWO.length; bytes++) {
            Optional<DnsAnswer> read = DnsAnswer.of(Arrays.copyOf(TWO, bytes));
            assertThat(read.map(each -> each.addresses().size()).orElse(0)).isLessThanOrEqualTo(1);
        }
        assertThat(DnsAnswer.of(Arrays.copyOf(TWO, TWO.length - 1)))
                .contains(new DnsAnswer("api.example.com", addresses("192.0.2.1")));
    }

    /** A question, an error, no question, two, another class, mail. */
    @ParameterizedTest
    @CsvSource({"2,1", "3,-125", "5,0", "5,2", "32,3", "30,15"})
    void whatIsNoAnswerForAddressesIsNone(int at, byte value) {
        byte[] other = TWO.clone();
        other[at] = value;
        assertThat(DnsAnswer.of(other)).isEmpty();
        assertThat(DnsAnswer.of(DnsMessages.answer("no.addresses"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=cmd", "a b.example", "a\u001b[2J", "<script>", "a\nb", "caf\u00e9"})
    void aNameThatIsNoNameIsNone(String name) {
        assertThat(DnsAnswer.of(DnsMessages.answer(name, "192.0.2.1"))).isEmpty();
    }

    @Test
    void noBytesDoHarm() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] hostile = i % 2 == 0 ? TWO.clone() : new byte[random.nextInt(600)];
            int changes = i % 2 == 0 ? 1 + random.nextInt(6) : hostile.length;
            for (int k = 0; k < changes; k++) {
                hostile[random.nextInt(hostile.length == 0 ? 1 : hostile.length) % Math.max(1, hostile.length)] =
                        (byte) random.nextInt();
            }
            DnsAnswer.of(hostile).ifPresent(each -> {
                assertThat(each.name()).matches("[a-z0-9_.-]{1,253}");
                assertThat(each.addresses()).hasSizeBetween(1, 64);
            });
        }
    }
}
