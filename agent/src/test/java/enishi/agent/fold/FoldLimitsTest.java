package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.SocketGone;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens where there is no room. */
class FoldLimitsTest extends FoldKit {
    @Test
    void aScanOfAllPortsIsAFewFlows() {
        table.beginPoll(now);
        for (int port = 1; port <= 65535; port++) {
            table.take(new A(port, SocketState.CLOSED, HERE, 40000, THERE, port)
                    .tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        }
        table.endPoll();
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows).hasSize(AttemptPorts.PORTS_MAX + 1);
        assertThat(flows.stream()
                        .mapToLong(each -> each.observations().getFirst().failed())
                        .sum())
                .isEqualTo(65535);
    }

    @Test
    void atMostSixteenProcessesAreListedAndTheRestCounted() {
        for (int i = 1; i <= 40; i++) {
            owners.tell(i, 1000 + i, "job");
            table.beginPoll(now);
            table.take(new A(i, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null));
            table.endPoll();
        }
        Observation seen = onlyFlow().observations().getLast();
        assertThat(seen.processes()).hasSize(16);
        assertThat(seen.moreProcesses()).isEqualTo(24);
    }

    @Test
    void aFlowThatHasNoRoomIsCountedAsDropped() {
        table = table(new FoldLimits(100, 10, 5));
        for (int i = 1; i <= 20; i++) {
            poll(new A(i, SocketState.OPEN, HERE, 40000, "10.0.1." + i, 80).tcp(null));
        }
        FoldCounters counters = table.counters();
        assertThat(counters.in()).isEqualTo(20);
        assertThat(counters.dropped()).isEqualTo(15);
        assertThat(counters.folded() + counters.dropped() + counters.waiting()).isEqualTo(counters.in());
        assertThat(counters.flows()).isEqualTo(5);
        assertThat(table.flush().coverage().getLast().dropped()).isEqualTo(15);
    }

    /** The dump shows it again at every poll, which is not another loss. */
    @Test
    void aConnectionThereIsNoRoomToFollowIsCountedOnceAndItsEndIsStillTaken() {
        table = table(new FoldLimits(10, 10, 100));
        SocketSeen[] all = new SocketSeen[15];
        for (int i = 0; i < all.length; i++) {
            owners.tell(i + 1, 7, "client");
            all[i] = new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null);
        }
        poll(all);
        poll(all[10], all[11], all[12], all[13], all[14]);
        assertThat(table.counters().connections()).isEqualTo(10);
        assertThat(table.counters().unfollowed()).isEqualTo(5);
        assertThat(table.flush().coverage().getLast().dropped()).isEqualTo(5);
        poll(new A(15, SocketState.CLOSED, HERE, 40014, THERE, 80).tcp(moved(1, 1)));
        assertThat(onlyFlow().observations().getLast().opened()).isEqualTo(1);
    }

    /** Short ones are folded when too many wait, while open ones go on waiting for their owners. */
    @Test
    void shortConnectionsDoNotPileUpWithinAPoll() {
        owners.searching = true;
        table.beginPoll(now);
        table.take(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null));
        for (int i = 2; i <= 50_000; i++) {
            table.take(new A(i, SocketState.CLOSED, HERE, 40000, THERE, 80).tcp(moved(1, 1)));
        }
        FoldCounters counters = table.counters();
        assertThat(counters.waiting()).isLessThan(20_001);
        assertThat(counters.folded() + counters.waiting()).isEqualTo(counters.in());
        table.endPoll();
        assertThat(table.counters().waiting()).isEqualTo(1);
    }

    /** A listener beyond the limit is told again, and counted once. */
    @Test
    void aListenerThereIsNoRoomForIsCountedAndFoundWhenThereIs() {
        table = table(new FoldLimits(10, 1, 10));
        owners.tell(1, 7, "one").tell(2, 8, "two");
        SocketSeen first = new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null);
        SocketSeen second = new A(2, SocketState.LISTENING, HERE, 81, "0.0.0.0", 0).tcp(null);
        poll(first, second);
        poll(second);
        FoldCounters counters = table.counters();
        assertThat(counters.unfollowed()).isEqualTo(1);
        assertThat(counters.folded() + counters.dropped() + counters.waiting()).isEqualTo(counters.in());
        poll(new SocketGone(1, null));
        now += 180_000; // a listener is remembered for a while after its end
        poll(second);
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .contains(81);
    }

    /** Ten thousand connections to one service must not hide the first one to another. */
    @Test
    void aDependencyThatNoOtherConnectionShowsStillFindsRoom() {
        table = table(new FoldLimits(10, 10, 100));
        SocketSeen[] all = new SocketSeen[12];
        for (int i = 0; i < all.length; i++) {
            owners.tell(i + 1, 7, "client");
            all[i] = new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null);
        }
        poll(all);
        owners.tell(20, 8, "other");
        poll(new A(20, SocketState.OPEN, HERE, 41000, THERE, 5432).tcp(null));
        assertThat(table.flush().flows())
                .extracting(each -> each.flow().serverPort())
                .containsExactlyInAnyOrder(80, 5432);
        assertThat(table.counters().unfollowed()).isEqualTo(2);
    }
}
