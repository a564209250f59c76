package enishi.lab.accuracy;

import java.util.ArrayList;
import java.util.List;

/** The tables of sockets of one host at one moment, as {@code accuracy-poll} writes them. */
record Reading(long millis, List<Row> rows) {
    Reading {
        rows = List.copyOf(rows);
    }

    /**
     * One socket.
     *
     * @param table of /proc/net: {@code tcp}, {@code tcp6}, {@code udp} or {@code udp6}
     * @param state as the kernel numbers it (include/net/tcp_states.h)
     */
    record Row(String table, int state, String local, int localPort, String remote, int remotePort, String program) {
        private static final int ESTABLISHED = 1;
        private static final int CLOSE = 7;
        private static final int LISTEN = 10;

        static Row of(String line) {
            String[] words = line.split(" ", 8);
            return new Row(
                    words[0],
                    Integer.parseInt(words[1], 16),
                    words[2],
                    Integer.parseInt(words[3]),
                    words[4],
                    Integer.parseInt(words[5]),
                    words[7]);
        }

        String transport() {
            return table.substring(0, 3);
        }

        /** UDP without a peer waits for whoever comes, and is in the state CLOSE. */
        boolean isListening() {
            return transport().equals("tcp") ? state == LISTEN : state == CLOSE;
        }

        boolean isEstablished() {
            return state == ESTABLISHED;
        }
    }

    static List<Reading> of(List<String> lines) {
        List<Reading> readings = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("poll ")) {
                readings.add(new Reading(Long.parseLong(lines.get(i).substring("poll ".length())), rows));
                rows.clear();
            } else {
                rows.add(Row.of(lines.get(i)));
            }
        }
        return readings.reversed();
    }
}
