package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Swept;
import org.junit.jupiter.api.Test;

/** A moment is called delivered when nothing that was opened before it can be missing any more. */
class SweepsTest {
    private static final Swept WHOLE = new Swept(1, 0, 0);
    private static final Swept ONE_BUSY = new Swept(1, 1, 0);
    private static final Swept NO_ROOM_FOR_ONE = new Swept(1, 0, 1);
    private final Sweeps sweeps = new Sweeps();

    /** @return what is delivered after a poll with a sweep */
    private long poll(long beganMillis, Swept swept) {
        sweeps.begin();
        sweeps.swept(beganMillis, swept);
        sweeps.drained();
        return sweeps.deliveredMillis();
    }

    /** @return what is delivered after a poll without one */
    private long poll() {
        sweeps.begin();
        sweeps.drained();
        return sweeps.deliveredMillis();
    }

    @Test
    void whatASweepToldIsDeliveredByTheNextDrain() {
        assertThat(poll(1_000, WHOLE)).as("some were just being given up").isEqualTo(Long.MIN_VALUE);
        assertThat(poll()).isEqualTo(1_000);
        assertThat(poll(3_000, WHOLE)).isEqualTo(1_000);
        assertThat(poll()).isEqualTo(3_000);
    }

    @Test
    void nothingIsWhereADrainWasCutShort() {
        poll(1_000, WHOLE);
        sweeps.begin(); // and no more: the drain failed
        assertThat(sweeps.deliveredMillis()).isEqualTo(Long.MIN_VALUE);
        assertThat(poll()).isEqualTo(1_000);
    }

    @Test
    void aBusySocketPutsItOffByASweep() {
        poll(1_000, WHOLE);
        poll(3_000, ONE_BUSY);
        assertThat(poll()).isEqualTo(1_000);
        poll(5_000, ONE_BUSY);
        assertThat(poll()).as("that one is told, and was opened before").isEqualTo(3_000);
        poll(7_000, WHOLE);
        assertThat(poll()).isEqualTo(7_000);
    }

    @Test
    void nothingMoreIsDeliveredUntilThereIsRoom() {
        poll(1_000, WHOLE);
        poll(3_000, NO_ROOM_FOR_ONE);
        poll(5_000, NO_ROOM_FOR_ONE);
        assertThat(poll()).isEqualTo(1_000);
        poll(7_000, WHOLE);
        assertThat(poll()).isEqualTo(7_000);
    }
}
