package enishi.agent.capture;

import enishi.agent.kernel.HostAddresses;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import enishi.agent.kernel.SockDiagSockets;
import enishi.agent.kernel.SockDiagSockets.Notices;
import java.nio.file.Path;

/**
 * A network namespace being watched.
 *
 * @param ephemeralPorts the ports that its clients get
 */
record WatchedNamespace(
        Which which, PortRange ephemeralPorts, SockDiagSockets sockets, HostAddresses addresses, Tracking tracking)
        implements AutoCloseable {

    /**
     * Which namespace it is.
     *
     * @param number 0 for the agent's own, else its inode number
     * @param fromStart whether it was there when the agent started
     */
    record Which(long number, boolean fromStart) {}

    /** Opens what is needed in the namespace that the calling thread is in; another thread may use it. */
    static WatchedNamespace open(Which which, Path proc, ReceivedWords words, Notices notices) throws KernelException {
        SockDiagSockets sockets = SockDiagSockets.open(words, notices);
        try {
            PortRange ports = PortRange.ofThisThread(proc);
            HostAddresses addresses = HostAddresses.open(words);
            return new WatchedNamespace(which, ports, sockets, addresses, new Tracking().open(words, proc));
        } catch (KernelException e) {
            sockets.close();
            throw e;
        }
    }

    @Override
    public void close() {
        sockets.close();
        addresses.close();
        tracking.close();
    }
}
