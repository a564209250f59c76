package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * One line of {@code /proc/net/{tcp,udp}{,6}} (Documentation/networking/proc_net_tcp.rst): addresses in hexadecimal
 * words of the host's byte order.
 *
 * @param state as include/net/tcp_states.h numbers it
 */
record ProcNet(
        Transport transport, int state, Address local, int localPort, Address remote, int remotePort, long inode) {

    /** Parses a line; empty for the heading, or for a line that is not as documented. */
    static Optional<ProcNet> parse(Transport transport, String line) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length < 10 || columns[0].equals("sl")) {
            return Optional.empty();
        }
        try {
            String[] local = columns[1].split(":", -1);
            String[] remote = columns[2].split(":", -1);
            return Optional.of(new ProcNet(
                    transport,
                    Integer.parseInt(columns[3], 16),
                    address(local[0]),
                    Integer.parseInt(local[1], 16),
                    address(remote[0]),
                    Integer.parseInt(remote[1], 16),
                    Long.parseLong(columns[9])));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Address address(String hex) {
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        ByteBuffer network = ByteBuffer.allocate(words.capacity());
        words.order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            network.putInt(words.getInt());
        }
        return Address.of(network.array());
    }

    /** A number for the socket made of what names it here; the inode alone where it has one. */
    long key(long namespace) {
        return inode != 0
                ? inode
                : Long.MIN_VALUE | ((long) Objects.hash(namespace, local, localPort, remote, remotePort) << 16);
    }
}
