package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.SocketCounted;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.Evidence;
import enishi.model.FlowObservations;
import enishi.model.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which end of a connection a socket is. */
class RolesTest extends FoldKit {
    @Test
    void aListenerMakesTheServerAndTheOtherEndTheClient() {
        owners.tell(1, 10, "server").tell(2, 10, "server").tell(3, 20, "client");
        poll(
                new A(1, SocketState.LISTENING, "0.0.0.0", 5432, "0.0.0.0", 0).tcp(null),
                new A(2, SocketState.OPEN, "127.0.0.1", 5432, "127.0.0.1", 51000).tcp(null),
                new A(3, SocketState.OPEN, "127.0.0.1", 51000, "127.0.0.1", 5432).tcp(null));
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows)
                .extracting(each -> each.flow().role() + " "
                        + (each.flow().program() == null
                                ? "?"
                                : each.flow().program().name()) + " "
                        + each.flow().serverPort() + " "
                        + each.observations().getFirst().evidence())
                .containsExactlyInAnyOrder("SERVER server 5432 [LISTENER]", "CLIENT client 5432 [LISTENER]");
    }

    /** A wildcard listener on 443 must not turn our own client of somebody else's 443 into a server. */
    @Test
    void aListenerOnTheSamePortAsARemoteServerChangesNothing() {
        owners.tell(1, 10, "nginx").tell(2, 11, "curl");
        poll(
                new A(1, SocketState.LISTENING, "::", 443, "::", 0).tcp(null),
                new A(2, SocketState.OPEN, HERE, 40000, THERE, 443).tcp(null));
        assertThat(onlyFlow().flow().role()).isEqualTo(Role.CLIENT);
    }

    /** getaddrinfo connects a UDP socket to each candidate address and sends nothing. */
    @Test
    void aUdpSocketThatOneDumpShowedProvesNothing() {
        poll(new A(1, SocketState.CLOSED, HERE, 40000, THERE, 443).udp(0));
        assertThat(onlyFlow().observations().getLast().evidence()).isEmpty();
    }

    @Test
    void aUdpSocketThatTwoDumpsShowedIsAConnection() {
        owners.tell(1, 7, "resolver");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 53).udp(1));
        assertThat(table.flush().flows()).isEmpty();
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 53).udp(2));
        assertThat(onlyFlow().observations().getLast().evidence()).containsExactly(Evidence.PORT);
    }

    /** Both ports look chosen by the kernel, and the listener was gone before a dump could show it. */
    @Test
    void countersProveWhoOpenedAConnectionWhoseListenerNobodySaw() {
        owners.tell(1, 10, "server").tell(2, 20, "client");
        poll(
                new A(1, SocketState.OPEN, "127.0.0.1", 40001, "127.0.0.1", 40002).tcp(null),
                new A(2, SocketState.OPEN, "127.0.0.1", 40002, "127.0.0.1", 40001).tcp(null));
        assertThat(table.flush().flows()).isEmpty();
        assertThat(table.wantsCounters()).isTrue();
        poll(
                new SocketCounted(1, new TcpCounters(5, 3, 9, 0, true, Role.SERVER)),
                new SocketCounted(2, new TcpCounters(3, 5, 9, 0, true, Role.CLIENT)));
        assertThat(table.wantsCounters()).isFalse();
        assertThat(table.flush().flows())
                .extracting(each -> each.flow().role() + " " + each.flow().serverPort() + " "
                        + each.observations().getFirst().evidence())
                .containsExactlyInAnyOrder("SERVER 40001 [ACCEPT]", "CLIENT 40001 [CONNECT]");
    }

    /** The client took a low port, and its server's listener opened after the poll had read listeners. */
    @Test
    void portsThatMislead() {
        owners.tell(1, 10, "server").tell(2, 20, "client").tell(3, 10, "server");
        poll(
                new A(1, SocketState.OPEN, "127.0.0.1", 40001, "127.0.0.1", 1024).tcp(null),
                new A(2, SocketState.OPEN, "127.0.0.1", 1024, "127.0.0.1", 40001).tcp(null));
        assertThat(table.flush().flows()).isEmpty();
        assertThat(table.wantsCounters()).isTrue();
        poll(new A(3, SocketState.LISTENING, "127.0.0.1", 40001, "0.0.0.0", 0).tcp(null));
        assertThat(table.flush().flows())
                .extracting(each -> each.flow().role() + " " + each.flow().serverPort())
                .containsExactlyInAnyOrder("SERVER 40001", "CLIENT 40001");
    }

    /** Whom another host asked from a port that looks like a server's, at a listener that has closed. */
    @Test
    void countersProveARoleThatPortsWouldTurnRound() {
        owners.tell(1, 10, "client");
        poll(new A(1, SocketState.OPEN, HERE, 1024, THERE, 40001).tcp(null));
        assertThat(table.flush().flows()).isEmpty();
        poll(new SocketCounted(1, new TcpCounters(3, 5, 9, 0, true, Role.CLIENT)));
        assertThat(onlyFlow().flow().role()).isEqualTo(Role.CLIENT);
    }

    @Test
    void anAmbiguousRoleThatNothingProvesIsGuessedAfterAWhile() {
        owners.tell(1, 10, "program");
        SocketSeen socket = new A(1, SocketState.OPEN, HERE, 40001, THERE, 40002).tcp(null);
        poll(socket);
        poll();
        assertThat(table.flush().flows()).isEmpty();
        poll();
        assertThat(onlyFlow().observations().getFirst().evidence()).containsExactly(Evidence.PORT);
    }

    /** It listened, accepted and closed between two polls; the notice of its end comes after those of what it accepted. */
    @Test
    void aListenerThatLivedBetweenTwoPollsStillMakesTheServer() {
        poll(
                new A(1, SocketState.CLOSED, HERE, 40001, THERE, 40002).tcp(moved(5, 3)),
                new A(2, SocketState.CLOSED, "0.0.0.0", 40001, "0.0.0.0", 0).tcp(null));
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().role()).isEqualTo(Role.SERVER);
        assertThat(flow.flow().serverPort()).isEqualTo(40001);
        assertThat(table.flush().listeners()).isEmpty();
    }
}
