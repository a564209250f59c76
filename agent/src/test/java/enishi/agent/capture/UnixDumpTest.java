package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.SocketFile;
import enishi.agent.kernel.UnixSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who listens and who asked, from what a dump shows. */
class UnixDumpTest {
    private static final int LISTENING = 10;
    private static final int OPEN = 1;
    private static final int NEITHER = 7;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;
    private final UnixDump dump = new UnixDump();

    private static UnixSocket socket(int type, int state, long inode, long peer, String name, long file) {
        SocketFile at = file == 0 ? SocketFile.NONE : new SocketFile(20, file);
        return new UnixSocket(type, state, inode, inode, at, peer, name.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> texts(List<UnixDump.Seen> seen) {
        return seen.stream()
                .map(each -> each.inode() + " " + each.at().name())
                .sorted()
                .toList();
    }

    @Test
    void theEndWithoutANameIsTheClientOfTheOther() {
        dump.add(0, socket(STREAM, LISTENING, 1, 0, "/run/db", 7));
        dump.add(0, socket(STREAM, OPEN, 2, 3, "/run/db", 7));
        dump.add(0, socket(STREAM, OPEN, 3, 2, "", 0));
        assertThat(texts(dump.listeners())).containsExactly("1 /run/db");
        assertThat(texts(dump.clients())).containsExactly("3 /run/db");
    }

    @Test
    void ofTwoNamesTheOneThatIsListenedAtIsTheServers() {
        dump.add(0, socket(STREAM, LISTENING, 1, 0, "/run/db", 7));
        dump.add(0, socket(STREAM, OPEN, 2, 3, "/run/db", 7));
        dump.add(0, socket(STREAM, OPEN, 3, 2, "/tmp/mine", 8));
        assertThat(texts(dump.clients())).containsExactly("3 /run/db");
    }

    @Test
    void aPairWithoutNamesIsNoDependency() {
        dump.add(0, socket(STREAM, OPEN, 2, 3, "", 0));
        dump.add(0, socket(STREAM, OPEN, 3, 2, "", 0));
        assertThat(dump.clients()).isEmpty();
    }

    @Test
    void aConnectedSocketOfDatagramsIsAClientOfTheOneBound() {
        dump.add(0, socket(DATAGRAM, NEITHER, 1, 0, "/dev/log", 7));
        dump.add(0, socket(DATAGRAM, OPEN, 2, 1, "", 0));
        assertThat(texts(dump.listeners())).containsExactly("1 /dev/log");
        assertThat(texts(dump.clients())).containsExactly("2 /dev/log");
    }

    @Test
    void onePathInTwoNetworkNamespacesIsOneEndpointAndOneAbstractNameIsTwo() {
        dump.add(0, socket(STREAM, LISTENING, 1, 0, "/run/docker.sock", 7));
        dump.add(5, socket(STREAM, OPEN, 2, 3, "/run/docker.sock", 7));
        dump.add(5, socket(STREAM, LISTENING, 4, 0, "\0bus", 0));
        dump.add(6, socket(STREAM, LISTENING, 5, 0, "\0bus", 0));
        dump.add(6, socket(STREAM, OPEN, 3, 2, "", 0));
        assertThat(dump.clients().getFirst().at())
                .isEqualTo(dump.listeners().stream()
                        .filter(each -> each.inode() == 1)
                        .findFirst()
                        .orElseThrow()
                        .at());
        List<UnixEndpoint> abstracts = dump.listeners().stream()
                .map(UnixDump.Seen::at)
                .filter(each -> each.name().equals("@bus"))
                .toList();
        assertThat(abstracts).extracting(UnixEndpoint::namespace).containsExactlyInAnyOrder(5L, 6L);
        assertThat(abstracts.get(0).key()).isNotEqualTo(abstracts.get(1).key());
    }

    @Test
    void aNameThatTheKernelChoseIsNoListener() {
        dump.add(0, socket(DATAGRAM, NEITHER, 1, 0, "\0001a2b3", 0));
        assertThat(dump.listeners()).isEmpty();
    }
}
