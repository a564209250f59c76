package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Room;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The programs in the kernel, on real sockets of this very process. */
@Tag("root")
class KernelFoldTest {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup/unified");

    record Told(String program, boolean client, long opened, long closed, long failed, long sent, long received) {}

    @Test
    void aShortConnectionIsToldByBothEnds() throws IOException, KernelException {
        List<Told> told = new ArrayList<>();
        try (KernelFold fold = KernelFold.ebpf(CGROUP, 0xEFFF_FFFCL, Room.DEFAULT, false);
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(fold.sweep(each -> {}).nanos()).isPositive();
            fold.started();
            fold.drain(each -> {});
            for (int i = 0; i < 7; i++) {
                try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                        Socket accepted = server.accept()) {
                    client.getOutputStream().write(new byte[100]);
                    client.shutdownOutput();
                    assertThat(accepted.getInputStream().readAllBytes()).hasSize(100);
                    accepted.getOutputStream().write(new byte[40]);
                    assertThat(client.getInputStream().readNBytes(40)).hasSize(40);
                }
            }
            fold.drain(each -> {
                if (each.serverPort() == server.getLocalPort()) {
                    told.add(new Told(
                            new String(each.program(), StandardCharsets.UTF_8),
                            each.isClient(),
                            each.opened(),
                            each.closed(),
                            each.failed(),
                            each.sentBytes(),
                            each.receivedBytes()));
                }
            });
            System.out.println(fold.losses());
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        new Told("java", true, 7, 7, 0, 700, 280), new Told("java", false, 7, 7, 0, 280, 700));
    }

    /** One fact, not a flow for each port; and whatever is established keeps its own room. */
    @Test
    void aScanIsSummarisedAndRealConnectionsAreToldAllTheSame() throws IOException, KernelException {
        int asked = 12_000;
        long[] told = new long[3];
        try (KernelFold fold = KernelFold.ebpf(CGROUP, 0xEFFF_FFFCL, Room.DEFAULT, false);
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            fold.sweep(each -> {});
            fold.started();
            fold.drain(each -> {});
            int refused = 0;
            for (int port = 2_000; refused < asked; port++) {
                refused += isRefused(port) ? 1 : 0;
            }
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                assertThat(accepted.isConnected()).isEqualTo(client.isConnected());
            }
            fold.drain(each -> {
                if (each.pid() == ProcessHandle.current().pid()) {
                    told[0] += each.failed();
                    told[1] += each.failed() > 0 ? 1 : 0;
                    told[2] += each.serverPort() == server.getLocalPort() ? each.opened() : 0;
                }
            });
            assertThat(fold.losses().summarised()).isPositive();
            assertThat(told[0] + fold.losses().failed()).isGreaterThanOrEqualTo(asked);
            assertThat(fold.losses().failed()).isZero();
        }
        assertThat(told[1]).as("flows of attempts").isLessThanOrEqualTo(4_096 + 10);
        assertThat(told[2]).isEqualTo(2);
    }

    private static boolean isRefused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }
}
