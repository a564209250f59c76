package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace that sends what asks for a service address, port 53 over UDP, to a server of its own, port 5353.
 * It is gone when it is closed.
 */
public final class NatNamespace implements AutoCloseable {
    /** A service address that nobody holds. */
    public static final String SERVICE = "192.0.2.9";

    /** Who answers for it, and who asks. */
    public static final String SERVER = "192.0.2.1";

    private static final String SETUP = "ip link set lo up && ip address add " + SERVER + "/32 dev lo"
            + " && ip route add " + SERVICE + "/32 dev lo && nft 'table ip lab { chain out {"
            + " type nat hook output priority -100; ip daddr " + SERVICE + " udp dport 53 dnat to " + SERVER
            + ":5353; }; }' && echo ready && exec cat";

    /** So many datagrams, each from a port of its own and thus a connection. */
    private static final String SENDS = """
            import socket, sys
            for i in range(int(sys.argv[3])):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.bind(('', 20000 + i))
                s.sendto(b'x', (sys.argv[1], int(sys.argv[2])))
                s.close()
            """;

    private final Process holder;

    public NatNamespace() throws IOException {
        holder = new ProcessBuilder("unshare", "--net", "sh", "-c", SETUP)
                .redirectErrorStream(true)
                .start();
        String said = holder.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(said).isEqualTo("ready");
    }

    /** The file by which it is entered. */
    Path file() {
        return Path.of("/proc/" + holder.pid() + "/ns/net");
    }

    /** Its inode number. */
    public long number() throws IOException {
        String link = Files.readSymbolicLink(file()).toString();
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    /** Sends datagrams to an address from inside. */
    public void send(String address, int port, int times) throws Exception {
        run("python3", "-c", SENDS, address, Integer.toString(port), Integer.toString(times));
    }

    /** Runs a command inside to its end, which must be a good one. */
    public void run(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid()), "--net"));
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Override
    public void close() throws IOException {
        holder.getOutputStream().close();
        holder.destroy();
        holder.onExit().join();
    }
}
