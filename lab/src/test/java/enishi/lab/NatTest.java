package enishi.lab;

import static enishi.lab.NatSite.CONTAINER;
import static enishi.lab.NatSite.DB;
import static enishi.lab.NatSite.GATE_OUT;
import static enishi.lab.NatSite.SERVICE;
import static enishi.lab.NatSite.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.Dependency.Asked;
import enishi.answer.Dependency.SeenFrom;
import enishi.model.Transport;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Who depends on whom across hosts that translate addresses: the true ends, and nobody else. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class NatTest {
    private static final int SHORT = 1_000;

    private static final String BRIEFLY = """
            import socket, sys, threading, time
            open('/proc/self/comm', 'w').write('briefly')
            def ask():
                for i in range(250):
                    s = socket.create_connection((sys.argv[1], int(sys.argv[2]))); time.sleep(0.005); s.close()
            all = [threading.Thread(target=ask) for i in range(4)]
            [each.start() for each in all]; [each.join() for each in all]
            """;

    @TempDir
    static Path folder;

    private final Deque<RealProgram> running = new ArrayDeque<>();
    private NatSite site;
    private Answered answered;

    /** A dependency cut down to its ends and what lies between them. */
    private record Ends(
            @Nullable String client,
            @Nullable String clientAddress,
            @Nullable String server,
            @Nullable String serverAddress,
            @Nullable Integer port,
            Transport transport,
            SeenFrom from,
            @Nullable Asked asked,
            List<String> via) {
        static Ends of(Dependency each) {
            return new Ends(
                    each.client().host() + "/" + each.client().program(),
                    each.client().address(),
                    each.server().host() + "/" + each.server().program(),
                    each.server().address(),
                    each.server().port(),
                    each.transport(),
                    each.seenFrom(),
                    each.asked(),
                    each.via());
        }

        static Ends both(String client, String server, int port, Asked asked, String... via) {
            return new Ends(client, WEB, server, DB, port, Transport.TCP, SeenFrom.BOTH, asked, List.of(via));
        }

        Ends over(Transport other) {
            return new Ends(client, clientAddress, server, serverAddress, port, other, from, asked, via);
        }

        Ends at(String address) {
            return new Ends(client, clientAddress, server, address, port, transport, from, asked, via);
        }
    }

    @BeforeAll
    void start() throws Exception {
        site = new NatSite(folder);
        answered = new Answered(site.enishi());
        Enishi.await("all three hosts", () -> {
            String hosts = site.enishi().ask("hosts");
            return Stream.of("web1", "gate1", "db1").allMatch(hosts::contains);
        });
    }

    @AfterAll
    void end() throws Exception {
        running.forEach(RealProgram::close);
        if (site != null) {
            site.close();
        }
    }

    private void peer(String name, Place at, String act) throws Exception {
        running.push(RealProgram.peer(folder, name, at, act));
    }

    private List<Dependency> told(String... programs) {
        Set<String> ours = Set.of(programs);
        return answered.exported(
                each -> ours.contains(String.valueOf(each.client().program()))
                        || ours.contains(String.valueOf(each.server().program())));
    }

    /** Exactly these, and whatever names one of the programs is one of them. */
    private void awaitEnds(Set<Ends> expected, String... programs) throws InterruptedException {
        Answered.await(expected, () -> told(programs).stream().map(Ends::of).collect(Collectors.toSet()));
    }

    @Test
    @Order(1)
    void aForwardedPortOverBothTransports() throws Exception {
        peer("dnat-tcp", site.db(), "listen tcp " + DB + " 5000");
        peer("dnat-udp", site.db(), "listen udp " + DB + " 5002");
        peer("asks-tcp", site.web(), "ask tcp " + GATE_OUT + " 8000");
        peer("asks-udp", site.web(), "ask udp " + GATE_OUT + " 8002");
        awaitEnds(
                Set.of(
                        Ends.both("web1/asks-tcp", "db1/dnat-tcp", 5000, new Asked(GATE_OUT, 8000), "gate1"),
                        Ends.both("web1/asks-udp", "db1/dnat-udp", 5002, new Asked(GATE_OUT, 8002), "gate1")
                                .over(Transport.UDP)),
                "dnat-tcp",
                "dnat-udp",
                "asks-tcp",
                "asks-udp");
        // what the answer rests on is also what the gateway watched
        assertThat(site.enishi().ask("dependents", "db1/dnat-tcp", "-o", "json"))
                .contains("\"host\":\"gate1\",\"host_id\"")
                .contains("\"via\":[\"gate1\"]");
    }

    @Test
    @Order(2)
    void aClientBehindAGatewaysAddress() throws Exception {
        peer("masked", site.db(), "listen tcp " + DB + " 5001");
        peer("plain", site.db(), "listen tcp " + DB + " 5003");
        peer("asks-gate", site.web(), "ask tcp " + GATE_OUT + " 8001");
        peer("asks-through", site.web(), "ask tcp " + DB + " 5003");
        awaitEnds(
                Set.of(
                        Ends.both("web1/asks-gate", "db1/masked", 5001, new Asked(GATE_OUT, 8001), "gate1"),
                        Ends.both("web1/asks-through", "db1/plain", 5003, new Asked(DB, 5003), "gate1")),
                "masked",
                "plain",
                "asks-gate",
                "asks-through");
    }

    @Test
    @Order(3)
    void aContainersPublishedPort() throws Exception {
        peer("contained", site.inContainer(), "listen tcp " + CONTAINER + " 6000");
        peer("asks-pub", site.web(), "ask tcp " + DB + " 9000");
        awaitEnds(
                Set.of(Ends.both("web1/asks-pub", "db1/contained", 6000, new Asked(DB, 9000), "db1")
                        .at(CONTAINER)),
                "contained",
                "asks-pub");
        assertThat(site.enishi().ask("dependents", "db1/contained"))
                .contains("VIA")
                .contains("web1/asks-pub");
    }

    /** As a cluster's nodes do; each server's own counts are its share. */
    @Test
    @Order(4)
    void aServiceAddressWithTwoServersBehindIt() throws Exception {
        peer("one", site.db(), "listen tcp " + DB + " 7001");
        peer("two", site.db(), "listen tcp " + DB + " 7002");
        peer("asks-svc", site.web(), "ask-briefly tcp " + SERVICE + " 80");
        awaitEnds(
                Set.of(
                        Ends.both("web1/asks-svc", "db1/one", 7001, new Asked(SERVICE, 80), "web1"),
                        Ends.both("web1/asks-svc", "db1/two", 7002, new Asked(SERVICE, 80), "web1")),
                "one",
                "two",
                "asks-svc");
        Answered.await(
                List.of(10L, 10L),
                () -> told("asks-svc").stream().map(Dependency::connections).toList());
        assertThat(site.enishi().ask("dependents", SERVICE + ":80"))
                .contains("db1/one:7001")
                .contains("db1/two:7002");
    }

    @Test
    @Order(5)
    void aThousandConnectionsOfFiveMillisecondsAreAllResolved() throws Exception {
        peer("short", site.db(), "listen tcp " + DB + " 5005");
        RealProgram briefly =
                RealProgram.start(folder, site.web().command("/usr/bin/python3", "-c", BRIEFLY, GATE_OUT, "8005"));
        running.push(briefly);
        assertThat(briefly.ended(30)).as(briefly.said()).isZero();
        awaitEnds(
                Set.of(Ends.both("web1/briefly", "db1/short", 5005, new Asked(GATE_OUT, 8005), "gate1")),
                "short",
                "briefly");
        Answered.await(
                (long) SHORT,
                () -> told("briefly").stream()
                        .mapToLong(Dependency::connections)
                        .sum());
        assertThat(told("short").getFirst().failures()).isZero();
    }

    /** Neither half is taken for the other's, and the agent says what is missing. */
    @Test
    @Order(6)
    void withoutBeingToldOfTrackedConnectionsTheHalvesStay() throws Exception {
        assertThat(site.enishi().ask("agent", "status")).contains("each translated connection is told by the kernel");
        site.forbidTracking();
        Enishi.await(
                "an agent that may not ask",
                () -> site.enishi().ask("agent", "status").contains("CAP_NET_ADMIN to be told of tracked"));
        peer("unjoined", site.db(), "listen tcp " + DB + " 5007");
        peer("asks-blind", site.web(), "ask tcp " + GATE_OUT + " 8007");
        Answered.await(
                Set.of(SeenFrom.CLIENT, SeenFrom.SERVER),
                () -> told("unjoined", "asks-blind").stream()
                        .map(Dependency::seenFrom)
                        .collect(Collectors.toSet()));
        assertThat(told("unjoined", "asks-blind"))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.via()).isEmpty());
    }
}
