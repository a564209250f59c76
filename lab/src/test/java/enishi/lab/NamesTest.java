package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names that programs look up at unbound, from Debian's package, and then ask for. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class NamesTest {
    private static final String LOOKS_UP_AND_ASKS = """
            import socket, struct, sys
            resolver, port = sys.argv[1], int(sys.argv[2])
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            question = b'\\x12\\x34\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\1A\\3lab\\0\\0\\1\\0\\1'
            asking.connect((resolver, 53))
            asking.send(question)
            found = socket.inet_ntoa(asking.recvfrom(512)[0][-4:])
            assert found == sys.argv[3], found
            for i in range(5):
                socket.create_connection((found, port)).close()
            """;

    private final Enishi enishi;
    private final Answered answered;
    private final String network = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(255) + ".";

    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    NamesTest(Enishi shared) throws Exception {
        enishi = shared;
        answered = new Answered(shared);
    }

    @Test
    void whatWasLookedUpIsAskedForByThatName() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        String server = network + 2;
        try (RealProgram unbound = Servers.unbound(folder.path(), network + 1, 53, server);
                RealProgram redis = RealProgram.peer(
                        folder.path(), "answersd", Place.LOOPBACK, "listen tcp " + server + " " + port)) {
            RealProgram client = RealProgram.python(folder.path(), LOOKS_UP_AND_ASKS, network + 1, port, server);
            assertThat(client.ended(30)).as(client.said()).isZero();
            answered.awaitConnections(5, each -> each.server().isAt(port));
            Dependency only =
                    answered.exported(each -> each.server().isAt(port)).getFirst();
            assertThat(only.client().program()).isEqualTo("python3");
            assertThat(only.server().program()).isEqualTo("answersd");
            assertThat(only.server().name()).isEqualTo("a.lab");
            assertThat(enishi.ask("dependents", "name:a.lab"))
                    .contains("python3")
                    .contains("answersd:" + port);
            assertThat(unbound.said() + redis.said()).contains("start of service");
        }
    }
}
