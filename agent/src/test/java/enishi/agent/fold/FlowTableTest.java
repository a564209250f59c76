package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.SocketCounted;
import enishi.agent.capture.SocketGone;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.Evidence;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.Role;
import enishi.model.Traffic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets in, flows out: what is counted of a connection. */
class FlowTableTest extends FoldKit {
    @Test
    void manyEphemeralPortsAreOneFlow() {
        for (int i = 0; i < 100; i++) {
            owners.tell(i + 1, 7, "client");
            poll(new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null));
        }
        now = START + 30_000;
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().serverPort()).isEqualTo(80);
        assertThat(flow.flow().role()).isEqualTo(Role.CLIENT);
        Observation first = flow.observations().getFirst();
        assertThat(flow.observations().stream().mapToLong(Observation::opened).sum())
                .isEqualTo(100);
        assertThat(first.evidence()).containsExactly(Evidence.PORT);
    }

    /** The kernel's notice names no inode: the listener's program answered, the asking program is unknown. */
    @Test
    void aConnectionShorterThanAPollNamesTheServerAndCountsTheUnknownClient() {
        owners.tell(1, 10, "server");
        poll(new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null));
        poll(
                new A(2, SocketState.CLOSED, HERE, 80, THERE, 41000).tcp(moved(5, 3)),
                new A(3, SocketState.CLOSED, HERE, 42000, THERE, 90).tcp(moved(3, 5)));
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows).hasSize(2);
        for (FlowObservations each : flows) {
            Observation seen = each.observations().getFirst();
            assertThat(seen.opened()).isEqualTo(1);
            assertThat(seen.closed()).isEqualTo(1);
            assertThat(seen.active()).isZero();
            assertThat(seen.traffic()).isEqualTo(new Traffic(3, 5));
            assertThat(each.flow().program() == null).isEqualTo(each.flow().role() == Role.CLIENT);
        }
        assertThat(table.counters().unknownOwner()).isEqualTo(1);
    }

    @Test
    void aRefusedConnectIsAnAttempt() {
        poll(new A(1, SocketState.CLOSED, HERE, 40000, THERE, 81).tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        Observation seen = onlyFlow().observations().getFirst();
        assertThat(seen.isAttempt()).isTrue();
        assertThat(seen.failed()).isEqualTo(1);
    }

    @Test
    void anOpenConnectionIsPresentInEveryMinute() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null));
        table.flush();
        now = START + 3 * 60_000;
        poll();
        now = START + 4 * 60_000;
        poll();
        List<Observation> seen = onlyFlow().observations();
        assertThat(seen)
                .extracting(Observation::minute)
                .containsExactly(START / 60_000, START / 60_000 + 3, START / 60_000 + 4);
        assertThat(seen).allSatisfy(each -> assertThat(each.active()).isEqualTo(1));
        assertThat(seen.getLast().opened()).isZero();
        assertThat(seen.getLast().processes()).hasSize(1);
    }

    /** Replaces by its minute: a second flush within the minute repeats what the first said and adds to it. */
    @Test
    void countsOfAMinuteAreAbsolute() {
        owners.tell(1, 7, "client").tell(2, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null));
        assertThat(onlyFlow().observations().getLast().opened()).isEqualTo(1);
        poll(new SocketGone(1, moved(1, 1)));
        table.flush();
        poll(new A(2, SocketState.OPEN, HERE, 40001, THERE, 80).tcp(null));
        Observation last = onlyFlow().observations().getLast();
        assertThat(last.opened()).isEqualTo(2);
        assertThat(last.closed()).isEqualTo(1);
        assertThat(last.active()).isEqualTo(1);
        assertThat(table.flush().flows()).isEmpty();
    }

    @Test
    void bytesOfAConnectionOlderThanTheAgentCountFromItsFirstReading() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).old(moved(1000, 2000)));
        poll(new SocketCounted(1, moved(1010, 2020)));
        Observation seen = onlyFlow().observations().getLast();
        assertThat(seen.opened()).isZero();
        assertThat(seen.active()).isEqualTo(1);
        assertThat(seen.traffic()).isEqualTo(new Traffic(10, 20));
    }

    /** The kernel wipes the remote port of a blocking connect that was refused. */
    @Test
    void anAttemptWhosePortIsWipedIsStillCounted() {
        poll(new A(1, SocketState.CLOSED, "0.0.0.0", 40001, THERE, 0).tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().serverPort()).isZero();
        assertThat(flow.observations().getFirst().isAttempt()).isTrue();
    }

    @Test
    void bytesOfAnIdleConnectionAreKnownToBeNone() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(moved(1, 1)));
        table.flush();
        now = START + 60_000;
        poll();
        assertThat(onlyFlow().observations().getLast().traffic()).isEqualTo(new Traffic(0, 0));
    }
}
