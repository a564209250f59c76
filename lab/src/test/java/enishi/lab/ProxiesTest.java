package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import enishi.answer.Hop;
import enishi.answer.Hop.PassThrough;
import enishi.model.Transport;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Proxies from Debian's packages, with a server behind them and a client before. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class ProxiesTest {
    private static final int MANY = 50;
    private static final String PINGS = """
            import socket, sys
            for i in range(int(sys.argv[2])):
                with socket.create_connection(('127.0.0.1', int(sys.argv[1]))) as s:
                    s.sendall(b'PING\\r\\n')
                    assert s.recv(99) == b'+PONG\\r\\n'
            """;

    private final Enishi enishi;
    private final Answered answered;

    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    ProxiesTest(Enishi shared) throws Exception {
        enishi = shared;
        answered = new Answered(shared);
    }

    private static Predicate<Dependency> at(int port) {
        return each -> each.server().isAt(port);
    }

    private static Tie tie(String client, String server, int port) {
        return new Tie(client, server, "127.0.0.1", port, Transport.TCP);
    }

    /** It never asks redis, so no dependency says so; that it gets there all the same is inferred and said to be. */
    @Test
    void whatPassesThroughHaproxyIsInferredAndMixedWithNothingObserved() throws Exception {
        int before = Sockets.freeBelowEphemeral();
        int behind = Sockets.freeBelowEphemeral();
        try (RealProgram redis = Servers.redis(folder.path(), Place.LOOPBACK, behind);
                RealProgram haproxy = Servers.haproxy(folder.path(), before, behind)) {
            RealProgram client = RealProgram.python(folder.path(), PINGS, before, MANY);
            assertThat(client.ended(30)).as(client.said()).isZero();
            answered.awaitConnections(MANY, at(before));
            answered.awaitConnections(MANY, at(behind));
            assertThat(Answered.ties(answered.exported(at(before))))
                    .isEqualTo(Set.of(tie("python3", "haproxy", before)));
            assertThat(Answered.ties(answered.exported(at(behind))))
                    .isEqualTo(Set.of(tie("haproxy", "redis-server", behind)));
            Answer<Hop> hops = answered.hops("self/haproxy");
            assertThat(hops.items()).hasSize(1);
            assertThat(hops.notes()).anyMatch(note -> note.contains("inferred, not observed"));
            Hop hop = hops.items().getFirst();
            // another test's proxy of this name, shortly before, is the same hop
            assertThat(hop.connectionsIn()).isGreaterThanOrEqualTo(MANY);
            assertThat(hop.connectionsOut()).isGreaterThanOrEqualTo(MANY);
            List<PassThrough> ours = hop.inferred().stream()
                    .filter(each -> each.asked().isAt(before))
                    .toList();
            assertThat(ours).hasSize(1);
            PassThrough through = ours.getFirst();
            assertThat(through.client().program()).isEqualTo("python3");
            assertThat(through.server().program()).isEqualTo("redis-server");
            assertThat(through.server().isAt(behind)).isTrue();
            assertThat(through.together()).isPositive().isEqualTo(through.spans());
            assertThat(enishi.ask("hops", "self/haproxy")).contains("haproxy:" + before);
            assertThat(redis.said() + haproxy.said()).contains("Ready to accept connections");
        }
    }
}
