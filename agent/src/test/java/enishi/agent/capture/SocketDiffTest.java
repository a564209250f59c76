package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketDiffTest {
    private final List<String> told = new ArrayList<>();
    private final SocketDiff diff = new SocketDiff();
    private boolean isRoom = true;

    private void beginDump() {
        told.clear();
        diff.beginDump(capture -> {
            told.add(
                    switch (capture) {
                        case SocketSeen seen -> "seen " + seen.key() + " " + seen.state() + " " + seen.polls();
                        case SocketCounted counted -> "counted " + counted.key();
                        case SocketGone gone -> "gone " + gone.key();
                        case SocketHeld held -> throw new AssertionError(held);
                        case KernelCounts counts -> throw new AssertionError(counts);
                        case OpenForgotten forgotten -> throw new AssertionError(forgotten);
                        case Translated translated -> throw new AssertionError(translated);
                        case TrackedForgotten forgotten -> throw new AssertionError(forgotten);
                    });
            return isRoom;
        });
    }

    private void dump(SocketSeen... sockets) {
        beginDump();
        for (SocketSeen each : sockets) {
            long face = SocketDiff.face(each.state(), each.remote().hashCode() * 64L, each.inode() != 0);
            if (diff.same(each.key(), face) == SocketTable.NONE) {
                diff.changed(each.withPolls(diff.polls(each.key(), face)), face);
            }
        }
    }

    private static SocketSeen socket(long key, Transport transport, SocketState state, String remote) {
        int remotePort = remote.equals("0.0.0.0") ? 0 : 80;
        return new SocketSeen(
                key,
                key / 100,
                transport,
                state,
                Address.parse("10.0.0.1"),
                40000,
                Address.parse(remote),
                remotePort,
                false,
                state == SocketState.ACCEPTING ? 0 : key,
                0,
                null,
                false,
                0,
                0);
    }

    private static SocketSeen tcp(long key) {
        return socket(key, Transport.TCP, SocketState.OPEN, "10.0.0.2");
    }

    @Test
    void aSocketIsToldOnceWhileItStaysAsItIs() {
        dump(tcp(1));
        assertThat(told).containsExactly("seen 1 OPEN 1");
        dump(tcp(1));
        assertThat(told).isEmpty();
        assertThat(diff.seen()).isEqualTo(1);
    }

    @Test
    void aSocketThatIsAcceptedIsToldAgain() {
        dump(socket(1, Transport.TCP, SocketState.ACCEPTING, "10.0.0.2"));
        dump(tcp(1));
        assertThat(told).containsExactly("seen 1 OPEN 2");
        assertThat(diff.seen()).isEqualTo(1);
    }

    /** One socket connected in turn to several is several connections. */
    @Test
    void anotherPeerIsAnotherConnection() {
        dump(socket(1, Transport.UDP, SocketState.OPEN, "10.0.0.2"));
        dump(socket(1, Transport.UDP, SocketState.OPEN, "10.0.0.3"));
        assertThat(told).containsExactly("gone 1", "seen 1 OPEN 1");
        assertThat(diff.seen()).isEqualTo(2);
    }

    @Test
    void aSocketThatGetsItsFirstPeerIsNoOther() {
        dump(socket(1, Transport.UDP, SocketState.UNCONNECTED, "0.0.0.0"));
        dump(socket(1, Transport.UDP, SocketState.OPEN, "10.0.0.2"));
        assertThat(told).containsExactly("seen 1 OPEN 2");
    }

    /** One dump proves nothing of a UDP socket, two do: so the second is told, and no third. */
    @Test
    void aUdpSocketWithAPeerIsToldAtItsFirstTwoDumps() {
        SocketSeen socket = socket(1, Transport.UDP, SocketState.OPEN, "10.0.0.2");
        dump(socket);
        assertThat(told).containsExactly("seen 1 OPEN 1");
        dump(socket);
        assertThat(told).containsExactly("seen 1 OPEN 2");
        dump(socket);
        assertThat(told).isEmpty();
    }

    @Test
    void whatTwoDumpsDoNotShowIsGone() {
        dump(tcp(1), tcp(2));
        dump(tcp(2));
        diff.endAbsent();
        assertThat(told).isEmpty();
        dump(tcp(2));
        diff.endAbsent();
        assertThat(told).containsExactly("gone 1");
    }

    @Test
    void whatTheSinkDoesNotFollowIsToldAtEachDumpAndAtItsEnd() {
        isRoom = false;
        dump(tcp(1));
        dump(tcp(1));
        assertThat(told).containsExactly("seen 1 OPEN 1");
        assertThat(diff.seen()).isZero();
        diff.gone(socket(1, Transport.TCP, SocketState.CLOSED, "10.0.0.2"));
        assertThat(told).last().isEqualTo("seen 1 CLOSED 0");
        isRoom = true;
        dump(tcp(1));
        assertThat(told).containsExactly("seen 1 OPEN 1");
    }

    @Test
    void theNoticeOfAnEndTellsOfASocketThatNoDumpHasShown() {
        beginDump();
        diff.gone(socket(7, Transport.TCP, SocketState.CLOSED, "10.0.0.2"));
        assertThat(told).containsExactly("seen 7 CLOSED 0");
    }

    /** It may have been a listener; whom a UDP socket without a peer talked to is unseen, and counted. */
    @Test
    void ofTheEndOfASocketWithoutPeerOnlyTcpIsTold() {
        beginDump();
        diff.gone(socket(7, Transport.TCP, SocketState.CLOSED, "0.0.0.0"));
        diff.gone(socket(8, Transport.UDP, SocketState.CLOSED, "0.0.0.0"));
        assertThat(told).containsExactly("seen 7 CLOSED 0");
        assertThat(diff.unseenPeersGone()).isEqualTo(1);
    }

    @Test
    void allSocketsOfANamespaceEndWithIt() {
        dump(tcp(100), tcp(101), tcp(200));
        diff.endNamespace(1);
        assertThat(told.subList(3, told.size())).containsExactlyInAnyOrder("gone 100", "gone 101");
    }
}
