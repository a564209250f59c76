package enishi.agent.capture;

import enishi.agent.kernel.KernelFold.Swept;

/**
 * Up to which moment everything opened is delivered, by sweeps over what is open and drains of what the kernel folded.
 *
 * <p>What was opened before a sweep began is told by it, or was when it ended. Three things it cannot tell at once, and
 * each puts the moment off: a socket somebody works on is told by the next sweep; one for which there is no room, by
 * some later one; and one that is just being given up is no process's any more, nor is its end told (fs/file_table.c,
 * __fput runs when its thread goes back to its program): by the next drain.
 */
final class Sweeps {
    private long beganMillis = Long.MIN_VALUE;
    private long toldMillis = Long.MIN_VALUE;
    private long drainingMillis = Long.MIN_VALUE;
    private long deliveredMillis = Long.MIN_VALUE;

    /** A poll begins: what earlier ones told is delivered once it has drained. */
    void begin() {
        drainingMillis = toldMillis;
    }

    /** A sweep that began then is over. */
    void swept(long nowMillis, Swept swept) {
        if (swept.untold() == 0) {
            toldMillis = swept.busy() == 0 ? nowMillis : beganMillis;
        }
        beganMillis = nowMillis;
    }

    /** Everything that the kernel has folded until now is read. */
    void drained() {
        deliveredMillis = drainingMillis;
    }

    long deliveredMillis() {
        return deliveredMillis;
    }
}
