package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A host whose clients get other ports than the kernel's default, as busy hosts are set (ip(7), ip_local_port_range):
 * here a network namespace in which the agent runs too.
 */
@Tag("root")
class PortRangeTest {
    private static final int SERVER_PORT = 40_000;

    @Test
    void whichPortsAreEphemeralIsReadFromTheHost() throws Exception {
        try (OpenFolder folder = OpenFolder.create();
                TwoNamespaces namespaces = new TwoNamespaces()) {
            Place inside = namespaces.near();
            String set = "echo 10000 20000 >/proc/sys/net/ipv4/ip_local_port_range";
            assertThat(RealProgram.start(folder.path(), inside.command("sh", "-c", set))
                            .ended(10))
                    .isZero();
            Enishi enishi = new Enishi(folder.path(), Enishi.DIST, inside.prefix());
            enishi.up();
            try {
                assertListedByOwnRange(new Answered(enishi), folder, inside);
            } finally {
                enishi.down();
            }
        }
    }

    /** The server has port 40000 of its own choice; the client's is between 10000 and 20000, by the kernel's. */
    private static void assertListedByOwnRange(Answered answered, OpenFolder folder, Place inside) throws Exception {
        try (RealProgram server =
                        RealProgram.peer(folder.path(), "rangedd", inside, "listen udp 127.0.0.1 " + SERVER_PORT);
                RealProgram client =
                        RealProgram.peer(folder.path(), "ranged", inside, "send udp 127.0.0.1 " + SERVER_PORT)) {
            Answered.await(
                    Set.of(
                            Listed.udp(server.name(), "127.0.0.1", SERVER_PORT),
                            Listed.udp(client.name(), "0.0.0.0", null)),
                    () -> Listed.of(answered.listeners().items(), Set.of("rangedd", "ranged")));
        }
    }
}
