package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.process.Cgroup2;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel tells of the answers of name servers that processes are handed. */
@Tag("root")
class NameRingTest {
    private static final long HOST_PIDS = 0xEFFF_FFFCL;

    /** Asks a server of its own on port 53, and another on another port, of a loopback address that nobody else has. */
    private static final String ASKS = """
            import os, socket, sys
            for port in (53, 5300):
                family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
                server = socket.socket(family, socket.SOCK_DGRAM)
                server.bind((sys.argv[1], port))
                asking = socket.socket(family, socket.SOCK_DGRAM)
                asking.connect((sys.argv[1], port))
                asking.send(b'question?????????')
                server.sendto(bytes.fromhex(sys.argv[2]), server.recvfrom(999)[1])
                eval(sys.argv[3])
            print(os.getpid())
            """;

    /** recvfrom(2) and recvmsg(2), as resolvers call them. */
    private static final List<String> HOW = List.of("asking.recvfrom(9999)", "asking.recvmsg(9999)");

    private static List<NameAnswer> toldOf(NameRing ring, String address, byte[] answer, String how)
            throws IOException, InterruptedException {
        Process asks = new ProcessBuilder(
                        "/usr/bin/python3", "-c", ASKS, address, HexFormat.of().formatHex(answer), how)
                .redirectErrorStream(true)
                .start();
        String said = new String(asks.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(asks.waitFor()).as(said).isZero();
        List<NameAnswer> all = new ArrayList<>();
        ring.drain(all::add);
        return all.stream().filter(each -> each.pid() == Integer.parseInt(said)).toList();
    }

    private static byte[] bytes(int many) {
        byte[] all = new byte[many];
        for (int i = 0; i < many; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    @Test
    void whatAProcessIsHandedFromPort53IsToldWithIt() throws Exception {
        try (NameRing ring = NameRing.open(Cgroup2.mount(Path.of("/proc")).orElseThrow(), HOST_PIDS)) {
            for (String address : List.of("127.53.0.53", "::1")) {
                for (String how : HOW) {
                    List<NameAnswer> told = toldOf(ring, address, bytes(80), how);
                    assertThat(told).as(address + " " + how).hasSize(1);
                    assertThat(told.getFirst().message()).startsWith(bytes(80));
                    assertThat(told.getFirst().startedNanos()).isPositive();
                }
            }
            assertThat(ring.lost()).isZero();
        }
    }

    @Test
    void ofALongOneTheBeginningIsTold() throws Exception {
        try (NameRing ring = NameRing.open(Cgroup2.mount(Path.of("/proc")).orElseThrow(), HOST_PIDS)) {
            assertThat(toldOf(ring, "127.53.0.53", bytes(1_200), HOW.getFirst())
                            .getFirst()
                            .message())
                    .isEqualTo(bytes(NameAnswer.MESSAGE_BYTES_MAX));
            assertThat(toldOf(ring, "127.53.0.53", bytes(80), "asking.recvfrom(5)"))
                    .isEmpty();
            assertThat(toldOf(ring, "127.53.0.53", bytes(80), "asking.recvfrom(20)")
                            .getFirst()
                            .message())
                    .isEqualTo(bytes(20));
        }
    }
}
