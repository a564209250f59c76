package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.model.Coverage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which seconds are claimed, and when. */
class CoverageMinutesTest extends FoldKit {
    /** The first poll may show what is older; the second that lasts is not over. */
    @Test
    void secondsAreClaimedWholeAndNotBeforeTheFirstPoll() {
        now = START + 300;
        poll();
        assertThat(watchedSeconds()).isZero();
        poll();
        assertThat(watchedSeconds()).isZero();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b10);
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b110);
    }

    /** Should the agent die while a connection waits for its owner, the seconds in which it opened must be a gap. */
    @Test
    void noSecondIsClaimedBeforeItsConnectionsAreCounted() {
        poll();
        poll();
        owners.searching = true;
        SocketSeen socket = new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null);
        poll(socket);
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b1);
        owners.searching = false;
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b11111);
    }

    /** An unanswered SYN may wait for minutes: nothing was opened yet. */
    @Test
    void aConnectThatIsNotAnsweredHoldsNoSecondBack() {
        poll();
        poll(new A(1, SocketState.CONNECTING, HERE, 40000, THERE, 80).tcp(null));
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b111);
    }

    /** A minute's row replaces the one before: a late second must not wipe the earlier ones out. */
    @Test
    void aSecondClaimedAfterItsMinuteKeepsTheOthers() {
        now = START + 57_000;
        poll();
        poll();
        poll();
        table.flush();
        poll();
        List<Coverage> late = table.flush().coverage();
        assertThat(late.getFirst().minute()).isEqualTo(START / 60_000);
        assertThat(late.getFirst().watchedSeconds()).isEqualTo(0b111L << 57);
    }

    /** Those open at once, and those that ended between two dumps; the next minute begins anew. */
    @Test
    void udpSocketsWhosePeersAreUnseenAreCountedThoughNoDumpShowsThem() {
        captured = new CaptureCounters(9, 0, 0, 3, 4, 0);
        poll();
        captured = new CaptureCounters(9, 0, 0, 2, 6, 0);
        poll();
        assertThat(table.flush().coverage().getLast().unseenPeers()).isEqualTo(8);
        now = START + 60_000;
        captured = new CaptureCounters(9, 0, 0, 2, 7, 0);
        poll();
        assertThat(table.flush().coverage().getLast().unseenPeers()).isEqualTo(3);
    }

    /** The rung counts since it started; a minute holds what was found missing within it. */
    @Test
    void connectionsThatNobodyToldAreCountedInTheMinuteThatFoundThemMissing() {
        captured = new CaptureCounters(9, 0, 0, 0, 0, 3);
        poll();
        captured = new CaptureCounters(9, 0, 0, 0, 0, 5);
        poll();
        assertThat(table.flush().coverage().getLast().unaccounted()).isEqualTo(5);
        now = START + 60_000;
        captured = new CaptureCounters(9, 0, 0, 0, 0, 7);
        poll();
        poll();
        assertThat(table.flush().coverage())
                .extracting(Coverage::unaccounted)
                .last()
                .isEqualTo(2L);
    }

    /** A second claimed later replaces the minute's row: what was counted by then must stay in it. */
    @Test
    void aSecondClaimedLaterKeepsWhatNobodyTold() {
        captured = new CaptureCounters(9, 0, 0, 0, 0, 3);
        poll();
        assertThat(watchedSeconds()).isZero();
        poll();
        Coverage later = table.flush().coverage().getLast();
        assertThat(later.watchedSeconds()).isNotZero();
        assertThat(later.unaccounted()).isEqualTo(3);
    }

    @Test
    void aPauseIsAGap() {
        poll();
        poll();
        now += 10_000;
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b1 | 0b1L << 12);
    }
}
