package enishi.agent.capture;

import enishi.agent.kernel.HostAddresses;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import enishi.agent.kernel.SockDiagSockets;

/**
 * A network namespace being watched.
 *
 * @param number 0 for the agent's own, else its inode number
 * @param fromStart whether it was there when the agent started
 */
record WatchedNamespace(long number, boolean fromStart, SockDiagSockets sockets, HostAddresses addresses)
        implements AutoCloseable {

    /** Opens what is needed in the namespace that the calling thread is in; another thread may use it. */
    static WatchedNamespace open(long number, boolean fromStart, ReceivedWords words) throws KernelException {
        SockDiagSockets sockets = SockDiagSockets.open(words);
        try {
            return new WatchedNamespace(number, fromStart, sockets, HostAddresses.open(words));
        } catch (KernelException e) {
            sockets.close();
            throw e;
        }
    }

    @Override
    public void close() {
        sockets.close();
        addresses.close();
    }
}
