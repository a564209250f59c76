package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.NameAnswer;
import enishi.model.Address;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String ONE = "192.0.2.1";
    private final Names names = Names.none("of a test");

    private void told(int pid, String name, String... addresses) {
        names.learn(new NameAnswer(pid, 700, DnsMessages.answer(name, addresses)));
    }

    private static Names.FlowKey asking(int pid, long started, String remote, int port) {
        return new Names.FlowKey(
                1, pid, started, Address.parse("10.0.0.1"), Address.parse(remote), port, Transport.TCP);
    }

    /** Short connections. */
    private @Nullable String of(int pid, String remote) {
        return names.of(asking(pid, 700, remote, 443), 0);
    }

    private @Nullable String of(long more) {
        return names.of(asking(7, 700, ONE, 443), more);
    }

    @Test
    void eachProcessHasTheNameItLookedUpLast() {
        told(7, "a.example", ONE, "192.0.2.2");
        told(8, "b.example", ONE);
        assertThat(of(7, ONE)).isEqualTo("a.example");
        assertThat(of(7, "192.0.2.2")).isEqualTo("a.example");
        assertThat(of(8, ONE)).isEqualTo("b.example");
        told(7, "c.example", ONE);
        assertThat(of(7, ONE)).isEqualTo("c.example");
    }

    /** A pid is used again, and nobody's lookups are guessed from those of others. */
    @Test
    void anotherProcessHasNone() {
        told(7, "a.example", ONE);
        told(0, "hidden.example", ONE);
        assertThat(names.of(asking(7, 701, ONE, 443), 0)).isNull();
        assertThat(of(9, ONE)).isNull();
        assertThat(of(0, ONE)).isNull();
        assertThat(of(7, "192.0.2.9")).isNull();
    }

    /** Else the flow of the one name would stay open for ever, and the other be closed before it was opened. */
    @Test
    void whatWasOpenedUnderANameIsClosedUnderIt() {
        told(7, "a.example", ONE);
        assertThat(of(1)).isEqualTo("a.example");
        told(7, "b.example", ONE);
        assertThat(of(1)).isEqualTo("a.example");
        assertThat(names.of(asking(7, 700, ONE, 444), 0)).isEqualTo("b.example");
        assertThat(of(-1)).isEqualTo("a.example");
        assertThat(of(-1)).isEqualTo("a.example");
        assertThat(of(1)).isEqualTo("b.example");
    }

    /** Older than the lookup, or than the agent. */
    @Test
    void whatWasOpenedWithoutANameIsClosedWithoutOne() {
        assertThat(of(1)).isNull();
        told(7, "a.example", ONE);
        assertThat(of(0)).isNull();
        assertThat(of(-1)).isNull();
        assertThat(of(0)).isEqualTo("a.example");
    }

    @Test
    void whatIsToldAgainIsNamedAnew() {
        assertThat(of(1)).isNull();
        told(7, "a.example", ONE);
        names.forgetOpen();
        assertThat(of(1)).isEqualTo("a.example");
    }

    /** Each name is a flow of its own: whoever looks one address up by ever other names makes no thousands of them. */
    @Test
    void whoChangesTheNameTooOftenHasNone() {
        for (int i = 0; i <= 15; i++) {
            told(7, "n" + i + ".example", ONE);
            assertThat(of(7, ONE)).isEqualTo("n" + i + ".example");
        }
        told(7, "n16.example", ONE);
        assertThat(of(7, ONE)).isNull();
        told(8, "n3.example", ONE);
        assertThat(of(8, ONE)).isEqualTo("n3.example");
    }

    @Test
    void theLeastUsedAreForgotten() {
        for (int i = 0; i < 20_000; i++) {
            told(7, "a.example", "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256);
            assertThat(of(7, "10.0.0.0")).isEqualTo("a.example");
        }
        assertThat(of(7, "10.0.0.1")).isNull();
        assertThat(of(7, "10.0.78.31")).isEqualTo("a.example");
    }

    @Test
    void beyondSoManyOpenNobodyHasAName() {
        for (int port = 1; port <= 20_001; port++) {
            names.of(asking(7, 700, ONE, port), 1);
        }
        told(8, "a.example", ONE);
        assertThat(of(8, ONE)).isNull();
        names.forgetOpen();
        assertThat(of(8, ONE)).isEqualTo("a.example");
    }
}
