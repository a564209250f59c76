package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** What ss(8) tells of this machine's sockets: a witness that shares nothing with the agent. */
final class Sockets {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Sockets() {}

    /** The ports of those who ask these server ports, one each: the kernel may have chosen one for two of them. */
    static List<Integer> clientPorts(Place at, Set<Integer> serverPorts) throws Exception {
        String which = serverPorts.stream().map(port -> "dport = :" + port).collect(Collectors.joining(" or "));
        Process ss = new ProcessBuilder(at.command("ss", "-Htun", which))
                .redirectErrorStream(true)
                .start();
        String said = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ss.waitFor()).as(said).isZero();
        return said.lines()
                .map(line -> line.strip().split("\\s+", -1))
                .map(columns -> port(columns[4]))
                .toList();
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    /** Ports of loopback, different from each other, that the kernel chose: nothing listens on them now. */
    static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            while (held.size() < count) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket each : held) {
                each.close();
            }
        }
    }

    /**
     * A port that nothing listens on now, over TCP or UDP, and that the kernel chooses for nobody. Another each time, and
     * none that {@link Load} takes: what is known of a port in one test must not be found in the next.
     */
    static int freeBelowEphemeral() throws IOException {
        // in one read: the kernel answers a second one with the end of the file, and readString() begins with one byte
        String range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .getFirst();
        int first = Integer.parseInt(range.split("\\s+", -1)[0]);
        return ThreadLocalRandom.current()
                .ints(1025, first)
                .limit(1000)
                .filter(port -> !Load.isPort(port) && isFree(port) && GIVEN.add(port))
                .findFirst()
                .orElseThrow(() -> new IOException("no port between 1025 and " + first + " is free"));
    }

    /** Several of those, different from each other. */
    static List<Integer> freeBelowEphemeral(int count) throws IOException {
        List<Integer> found = new ArrayList<>();
        while (found.size() < count) {
            found.add(freeBelowEphemeral());
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
