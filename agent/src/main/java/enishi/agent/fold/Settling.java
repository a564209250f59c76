package enishi.agent.fold;

import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.process.Owners;
import enishi.model.Transport;

/** When a connection has waited long enough to be folded: all is known about it by then, or will not be known. */
final class Settling {
    /** A search gives an inode up long before; this is for searches that never end. */
    private static final int OWNER_POLLS_MAX = 10;

    /** How long an ambiguous role waits for the socket's counters to prove one. */
    private static final int PROOF_POLLS_MAX = 3;

    /** How long a connection waits to be accepted, or to show that it is no passing UDP socket. */
    private static final int PATIENCE_POLLS = 4;

    private final Roles roles;
    private final Owners owners;

    Settling(Roles roles, Owners owners) {
        this.roles = roles;
        this.owners = owners;
    }

    boolean isSettled(Connection connection, SocketSeen socket) {
        if (connection.gone) {
            return connection.waitedPolls >= PATIENCE_POLLS || !roles.waitsForListener(connection, socket);
        }
        boolean silentUdp = socket.transport() == Transport.UDP && socket.polls() < 2;
        if (socket.state() == SocketState.CONNECTING || needsProof(connection, socket)) {
            return false;
        }
        if (silentUdp || socket.inode() == 0) {
            return connection.waitedPolls >= PATIENCE_POLLS;
        }
        return owners.ownerOf(socket.inode()).isPresent()
                || owners.gaveUp(socket.inode())
                || connection.waitedPolls >= OWNER_POLLS_MAX;
    }

    /** Whether its role is ambiguous and its counters may still prove one. */
    boolean needsProof(Connection connection, SocketSeen socket) {
        return socket.transport() == Transport.TCP
                && connection.waitedPolls < PROOF_POLLS_MAX
                && roles.isAmbiguous(connection, socket);
    }
}
