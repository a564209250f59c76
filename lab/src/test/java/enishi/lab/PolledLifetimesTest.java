package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the sock_diag rung tells of a connection depends on how long it lives and on whether its socket has a peer. */
@Tag("root")
@OnRung("sock_diag")
@ExtendWith(SharedEnishi.class)
class PolledLifetimesTest extends LifetimesKit {
    PolledLifetimesTest(Enishi shared) throws IOException {
        super(shared);
    }

    @Test
    void aConnectionThatLivesTwoSecondsNamesBothPrograms() throws Exception {
        int runs = 7;
        try (RealProgram server = peer("lastingd", everyWay("listen", List.of()))) {
            List<RealProgram> clients = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                clients.add(peer("lasting", everyWay("ask", List.of("end-after 2"))));
            }
            for (RealProgram client : clients) {
                assertThat(client.ended(60)).as(client.said()).isZero();
            }
            assertThat(server.name()).isEqualTo("lastingd");
            answered.awaitTies(everyTie("lasting", "lastingd"), this::isOfThisTest);
            Answered.await(Set.of(new Counted(runs, 0)), () -> Counted.of(answered.exported(this::isOfThisTest)));
        }
    }

    /** A poll may chance upon one of them and tell its client: so the counts of both kinds make the sum. */
    @Test
    void aShorterConnectionNamesItsServerOnlyAndIsCounted() throws Exception {
        try (RealProgram server = peer("briefd", everyWay("listen", List.of()))) {
            awaitListed(server);
            peer("brief", everyWay("ask-briefly", List.of())).close();
            answered.awaitConnections(4 * 20L, this::isOfThisTest);
            List<Dependency> seen = answered.exported(this::isOfThisTest);
            assertThat(Answered.ties(seen)).containsAll(everyTie(null, "briefd"));
            assertThat(seen)
                    .allSatisfy(each -> assertThat(each.server().program()).isEqualTo("briefd"));
            Answer<Dependency> answer = answered.dependencies("self/brief");
            long unknown = connections(seen.stream()
                    .filter(each -> each.client().program() == null)
                    .toList());
            assertThat(answer.coverage().hosts().stream()
                            .mapToLong(HostWatch::unknownOwner)
                            .sum())
                    .isGreaterThanOrEqualTo(unknown);
            assertThat(answer.notes()).anyMatch(note -> note.matches("The process of \\d+ connections is unknown: .*"));
        }
    }

    @Test
    void anUnconnectedUdpSocketIsListedAndWhomItTalksToIsSaidToBeUnseen() throws Exception {
        try (RealProgram asked = peer("gossipd", "listen udp 127.0.0.1 " + port);
                RealProgram asking = peer("gossip", "send udp 127.0.0.1 " + port)) {
            Answered.await(
                    Set.of(Listed.udp(asked.name(), "127.0.0.1", port), Listed.udp(asking.name(), "0.0.0.0", null)),
                    () -> Listed.of(answered.listeners().items(), Set.of("gossipd", "gossip")));
            Answer<Dependency> answer = answered.dependencies("self/gossip");
            assertThat(answer.items()).isEmpty();
            assertThat(answer.coverage().hosts().stream()
                            .mapToLong(HostWatch::unseenPeers)
                            .sum())
                    .isGreaterThanOrEqualTo(2);
            assertThat(answer.notes())
                    .anyMatch(note ->
                            note.matches("Whom \\d+ UDP sockets without a peer of their own talk to is unseen\\."));
            assertThat(answered.exported(this::isOfThisTest)).isEmpty();
            assertThat(answered.lines("jsonl", "--attempts")).noneMatch(line -> line.contains("\"port\":" + port));
        }
    }

    /** Such as mosh's 60001: within the range that the kernel chooses from, and yet a server's own choice. */
    @Test
    void aUdpServerOnAPortThatTheKernelMightHaveChosenIsNamed() throws Exception {
        int within = Sockets.free(1).getFirst();
        try (RealProgram server = peer("withind", "listen udp 127.0.0.1 " + within);
                RealProgram client = peer("within", "ask udp 127.0.0.1 " + within)) {
            answered.awaitTies(
                    Set.of(Tie.udp(client.name(), server.name(), "127.0.0.1", within)),
                    each -> each.server().isAt(within));
        }
    }

    @Test
    void aServerThatIsAskedBrieflyAsSoonAsItListensIsNamed() throws Exception {
        try (RealProgram server = peer("freshd", everyWay("listen", List.of("ask-briefly tcp 127.0.0.1 " + port)))) {
            answered.awaitConnections(20L, this::isOfThisTest);
            assertThat(answered.exported(this::isOfThisTest))
                    .allSatisfy(each -> assertThat(each.server().program()).isEqualTo(server.name()));
        }
    }
}
