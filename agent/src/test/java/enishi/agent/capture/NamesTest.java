package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.NameAnswer;
import enishi.model.Address;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final Address ONE = Address.parse("192.0.2.1");
    private final Names names = Names.none("of a test");

    private void told(int pid, String name, String... addresses) {
        names.learn(new NameAnswer(pid, 700, DnsMessages.answer(name, addresses)));
    }

    @Test
    void eachProcessHasTheNameItLookedUpLast() {
        told(7, "a.example", "192.0.2.1", "192.0.2.2");
        told(8, "b.example", "192.0.2.1");
        assertThat(names.of(7, 700, ONE)).isEqualTo("a.example");
        assertThat(names.of(7, 700, Address.parse("192.0.2.2"))).isEqualTo("a.example");
        assertThat(names.of(8, 700, ONE)).isEqualTo("b.example");
        told(7, "c.example", "192.0.2.1");
        assertThat(names.of(7, 700, ONE)).isEqualTo("c.example");
    }

    /** A pid is used again, and nobody's lookups are guessed from those of others. */
    @Test
    void anotherProcessHasNone() {
        told(7, "a.example", "192.0.2.1");
        told(0, "hidden.example", "192.0.2.1");
        assertThat(names.of(7, 701, ONE)).isNull();
        assertThat(names.of(9, 700, ONE)).isNull();
        assertThat(names.of(0, 700, ONE)).isNull();
        assertThat(names.of(7, 700, Address.parse("192.0.2.9"))).isNull();
    }

    /** Each name is a flow of its own: whoever looks up thousands for one address makes no thousands of flows. */
    @Test
    void namesOfOneAddressAreBounded() {
        for (int i = 0; i < 100; i++) {
            told(100 + i, "n" + i + ".example", "192.0.2.1");
        }
        assertThat(names.of(100 + 15, 700, ONE)).isEqualTo("n15.example");
        assertThat(names.of(100 + 16, 700, ONE)).isNull();
        told(500, "n3.example", "192.0.2.1");
        assertThat(names.of(500, 700, ONE)).isEqualTo("n3.example");
    }

    @Test
    void theLeastUsedAreForgotten() {
        for (int i = 0; i < 20_000; i++) {
            told(7, "a.example", "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256);
            assertThat(names.of(7, 700, Address.parse("10.0.0.0"))).isEqualTo("a.example");
        }
        assertThat(names.of(7, 700, Address.parse("10.0.0.1"))).isNull();
        assertThat(names.of(7, 700, Address.parse("10.0.78.31"))).isEqualTo("a.example");
    }
}
