package enishi.lab.accuracy;

import java.util.List;

/**
 * What passed between two endpoints on the wire, as {@code accuracy-wire} writes it; the source sent the first packet
 * that was seen.
 *
 * @param flags of TCP, of that packet
 */
record Conversation(
        long firstMicros,
        long lastMicros,
        String transport,
        String source,
        int sourcePort,
        String destination,
        int port,
        int flags,
        long there,
        long back,
        boolean hasAccepted,
        boolean hasReset) {
    private static final int SYN = 2;
    private static final int ACK = 16;

    static Conversation of(String line) {
        List<String> words = List.of(line.split(" "));
        return new Conversation(
                Long.parseLong(words.get(0)),
                Long.parseLong(words.get(1)),
                words.get(2),
                words.get(3),
                Integer.parseInt(words.get(4)),
                words.get(5),
                Integer.parseInt(words.get(6)),
                Integer.parseInt(words.get(7)),
                Long.parseLong(words.get(8)),
                Long.parseLong(words.get(9)),
                words.get(10).equals("1"),
                words.get(11).equals("1"));
    }

    /** Whether the first packet asked for a connection. */
    boolean isBegun() {
        return transport.equals("udp") || (flags & (SYN | ACK)) == SYN;
    }

    /** Whether it was asked for and refused or never answered. */
    boolean isInVain() {
        return transport.equals("tcp") ? isBegun() && !hasAccepted : back == 0;
    }

    /** Whether it is one between an endpoint and a host, whoever began. */
    boolean isWith(String serverAddress, int serverPort, String clientAddress) {
        return (source.equals(clientAddress) && destination.equals(serverAddress) && port == serverPort)
                || (destination.equals(clientAddress) && source.equals(serverAddress) && sourcePort == serverPort);
    }
}
