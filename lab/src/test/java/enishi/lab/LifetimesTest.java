package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the ebpf rung tells does not depend on how long a connection lives. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class LifetimesTest extends LifetimesKit {
    LifetimesTest(Enishi shared) throws IOException {
        super(shared);
    }

    @Test
    void aBriefConnectionNamesBothProgramsAndIsCounted() throws Exception {
        try (RealProgram server = peer("briefd", everyWay("listen", List.of()))) {
            peer("brief", everyWay("ask-briefly", List.of())).close();
            Set<Tie> both = everyTie("brief", server.name());
            answered.awaitTies(both, this::isOfThisTest);
            answered.awaitConnections(4 * 20L, this::isOfThisTest);
            assertThat(Answered.ties(answered.exported(this::isOfThisTest))).isEqualTo(both);
        }
    }

    /** The server's side names its process too, and both halves agree. */
    @Test
    void bothEndsTellOfABriefConnection() throws Exception {
        try (RealProgram server = peer("pairedd", everyWay("listen", List.of("ask-briefly tcp 127.0.0.1 " + port)))) {
            answered.awaitConnections(20L, this::isOfThisTest);
            assertThat(answered.exported(this::isOfThisTest)).allSatisfy(each -> {
                assertThat(each.client().program()).isEqualTo(server.name());
                assertThat(each.server().program()).isEqualTo(server.name());
                assertThat(each.seenFrom()).hasToString("BOTH");
            });
        }
    }

    @Test
    void whomAnUnconnectedUdpSocketTalksToIsSeen() throws Exception {
        try (RealProgram asked = peer("gossipd", "listen udp 127.0.0.1 " + port);
                RealProgram asking = peer("gossip", "send udp 127.0.0.1 " + port)) {
            answered.awaitTies(Set.of(Tie.udp(asking.name(), asked.name(), "127.0.0.1", port)), this::isOfThisTest);
        }
    }

    @Test
    void nothingIsMissedAndTheAnswerSaysSo() throws Exception {
        try (RealProgram server = peer("completed", everyWay("listen", List.of("ask-briefly tcp 127.0.0.1 " + port)))) {
            answered.awaitConnections(20L, this::isOfThisTest);
            Answer<Dependency> answer = answered.dependencies("self/" + server.name());
            Set<String> rungs = new HashSet<>();
            for (HostWatch each : answer.coverage().hosts()) {
                rungs.add(String.valueOf(each.rung()));
                assertThat(each.lost() + each.dropped()).isZero();
            }
            assertThat(rungs).containsExactly("EBPF");
        }
    }
}
