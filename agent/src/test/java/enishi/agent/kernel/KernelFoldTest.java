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
            fold.sweep();
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
}
