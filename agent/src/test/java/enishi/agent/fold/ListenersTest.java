package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.SocketState;
import enishi.model.Program;
import org.junit.jupiter.api.Test;

/** Under which port a listener is told, and whom it names. */
class ListenersTest extends FoldKit {
    /** Somebody asks it, so its port is no ephemeral one. */
    @Test
    void aUdpListenerThatIsAskedKeepsItsPort() {
        owners.tell(1, 7, "server").tell(2, 8, "client");
        poll(
                new A(1, SocketState.UNCONNECTED, "127.0.0.1", 40000, "0.0.0.0", 0).udp(1),
                new A(2, SocketState.OPEN, "127.0.0.1", 40001, "127.0.0.1", 40000).udp(2));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(40000);
    }

    @Test
    void aUdpListenerThatStaysKeepsItsPort() {
        owners.tell(1, 7, "server");
        poll(new A(1, SocketState.UNCONNECTED, "0.0.0.0", 40000, "0.0.0.0", 0).udp(1));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(0);
        now += 60_000;
        poll();
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(40000);
    }

    /** A window of a minute tells who listens, for however long. */
    @Test
    void whoGoesOnListeningIsToldInEveryMinute() {
        owners.tell(1, 7, "server");
        poll(new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null));
        assertThat(table.flush().listeners()).hasSize(1);
        poll();
        assertThat(table.flush().listeners()).isEmpty();
        for (int minute = 1; minute < 4; minute++) {
            now = START + minute * 60_000L;
            poll();
            assertThat(table.flush().listeners())
                    .hasSize(1)
                    .allSatisfy(each -> assertThat(each.lastSeenMillis()).isGreaterThanOrEqualTo(now - 1_000));
        }
    }

    /** Asked and answered within the poll that first shows the listener. */
    @Test
    void aServerAskedBrieflyAsSoonAsItListensIsNamed() {
        owners.searching = true;
        owners.tell(1, 10, "server");
        poll(
                new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null),
                new A(2, SocketState.CLOSED, HERE, 80, THERE, 41000).tcp(moved(5, 3)));
        assertThat(table.flush().flows()).isEmpty();
        owners.searching = false;
        poll();
        assertThat(onlyFlow().flow().program()).isNotNull();
    }

    @Test
    void udpSocketsOnPortsTheKernelChoseAreOneListener() {
        owners.tell(1, 7, "chatty").tell(2, 7, "chatty");
        poll(
                new A(1, SocketState.UNCONNECTED, "0.0.0.0", 40000, "0.0.0.0", 0).udp(1),
                new A(2, SocketState.UNCONNECTED, "0.0.0.0", 40001, "0.0.0.0", 0).udp(1));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsOnly(0);
    }

    /** Socket activation. */
    @Test
    void aListenerThatTheFirstProcessKeptIsToldAnewWithTheServiceItStarted() {
        owners.tell(1, 1, "systemd");
        poll(new A(1, SocketState.LISTENING, HERE, 22, "0.0.0.0", 0).tcp(null));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().program())
                .containsExactly(new Program("systemd", "systemd.service", null));
        owners.tell(1, 900, "sshd");
        poll(new A(2, SocketState.CLOSED, HERE, 22, THERE, 41000).tcp(moved(5, 3)));
        Folded folded = table.flush();
        assertThat(folded.listeners())
                .extracting(each -> each.listener().program())
                .containsExactly(new Program("sshd", "sshd.service", null));
        poll();
        assertThat(table.flush().listeners()).isEmpty();
    }
}
