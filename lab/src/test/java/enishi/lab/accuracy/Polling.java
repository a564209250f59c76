package enishi.lab.accuracy;

import enishi.lab.accuracy.Reading.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Dependencies from tables of sockets that were read every so often: whose local port is listened on was asked, every
 * other one asked.
 *
 * @param takes which sockets count
 * @param every how many readings one is used of
 */
record Polling(Predicate<Row> takes, int every) {
    private static final int SYN_SENT = 2;

    /** The authors' rule: TCP over IPv4 once a second, in whatever state but on the way to it, TIME_WAIT as well. */
    static Polling shawk() {
        return new Polling(row -> row.table().equals("tcp") && row.state() != SYN_SENT, 1);
    }

    /** What {@code ss -tunap state established} prints every so many seconds. */
    static Polling established(int every) {
        return new Polling(Row::isEstablished, every);
    }

    /** @param hosts what was read on each host, one reading a second */
    Set<Seen> tell(Map<String, List<Reading>> hosts, Addresses addresses) {
        Halves halves = new Halves();
        hosts.forEach((host, readings) -> {
            for (int i = 0; i < readings.size(); i += every) {
                read(host, readings.get(i), addresses, halves);
            }
        });
        return halves.joined();
    }

    private void read(String host, Reading reading, Addresses addresses, Halves halves) {
        Map<String, String> listeners = new HashMap<>();
        for (Row row : reading.rows()) {
            if (row.isListening()) {
                listeners.put(row.transport() + row.localPort(), row.program());
            }
        }
        Set<Row> connections = reading.rows().stream()
                .filter(row -> !row.isListening() && row.remotePort() != 0 && takes.test(row))
                .collect(Collectors.toSet());
        for (Row row : connections) {
            String remote = Addresses.isLoopback(row.remote()) ? host : addresses.host(row.remote());
            String listener = listeners.get(row.transport() + row.localPort());
            if (listener == null) {
                halves.client(host, row.program(), remote, row.transport(), row.remotePort());
            } else {
                String server = row.program().equals(Seen.UNKNOWN) ? listener : row.program();
                halves.server(host, server, remote, row.transport(), row.localPort());
            }
        }
    }
}
