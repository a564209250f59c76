package enishi.lab;

import enishi.answer.Dependency;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Connections whose ports or listeners mislead about who asked, on loopback addresses that nothing else uses: whatever
 * is told of them belongs to the test.
 */
abstract class DirectionKit {
    private final OpenFolder folder = OpenFolder.create();
    private final Deque<RealProgram> running = new ArrayDeque<>();
    private final String network = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(255) + ".";
    final String near = network + 1;
    final String far = network + 2;
    final Answered answered;

    DirectionKit(Enishi shared) throws IOException {
        answered = new Answered(shared);
    }

    /** Whether the programs of what lives too briefly to be polled are told. */
    abstract boolean isNamedHoweverBrief();

    void peer(String name, String... acts) throws Exception {
        running.push(RealProgram.peer(folder.path(), name, Place.LOOPBACK, acts));
    }

    @AfterEach
    void end() throws IOException {
        running.forEach(RealProgram::close);
        folder.close();
    }

    boolean isHere(Dependency each) {
        return String.valueOf(each.client().address()).startsWith(network)
                || String.valueOf(each.server().address()).startsWith(network);
    }

    void awaitTies(Tie... expected) throws InterruptedException {
        answered.awaitTies(Set.of(expected), this::isHere);
    }

    /** As a cluster's nodes do that ask from the port they listen on. */
    @Test
    void onePortAtBothEnds() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        peer("samed", "listen tcp " + far + " " + port);
        peer("same", "ask-from tcp " + near + " " + port + " " + far + " " + port);
        awaitTies(Tie.tcp("same", "samed", far, port));
    }

    /** Below the range of clients' ports, while the server's is within. */
    @Test
    void aClientWithALowPortAndAServerWithOneThatTheKernelMightHaveChosen() throws Exception {
        int low = Sockets.freeBelowEphemeral();
        int high = Sockets.free(1).getFirst();
        peer("highd", "listen tcp " + far + " " + high);
        peer("low", "ask-from tcp " + near + " " + low + " " + far + " " + high);
        awaitTies(Tie.tcp("low", "highd", far, high));
    }

    @Test
    void bothPortsWithinTheRangeOfClients() throws Exception {
        int port = Sockets.free(1).getFirst();
        peer("withind", "listen tcp " + far + " " + port);
        peer("within", "ask tcp " + far + " " + port);
        awaitTies(Tie.tcp("within", "withind", far, port));
    }

    @Test
    void aListenerThatClosedAfterItHadAccepted() throws Exception {
        int port = Sockets.free(1).getFirst();
        peer("onced", "listen-once tcp " + far + " " + port);
        peer("once", "ask tcp " + far + " " + port);
        awaitTies(Tie.tcp("once", "onced", far, port));
    }

    /** Who keeps the listener is not who serves. */
    @Test
    void aListenerThatWasPassedOn() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        peer("keeper", "pass-on tcp " + far + " " + port + " served");
        peer("asks", "ask tcp " + far + " " + port);
        awaitTies(Tie.tcp("asks", "served", far, port));
    }

    /** Three nodes that know each other: each asks each of the others, on the port that it listens on itself. */
    @Test
    void aClusterOfRedis() throws Exception {
        int port = Sockets.freeBelowEphemeral() % 10_000 + 2_000;
        List<String> nodes = List.of(near, far, network + 3);
        for (String each : nodes) {
            running.push(Servers.redisNode(folder.path(), each, port));
        }
        for (String each : nodes.subList(1, 3)) {
            RealProgram cli = RealProgram.start(
                    folder.path(),
                    List.of("redis-cli", "-h", near, "-p", "" + port, "cluster", "meet", each, "" + port));
            cli.ended(30);
        }
        Set<String> expected = nodes.stream()
                .flatMap(one -> nodes.stream()
                        .filter(other -> !other.equals(one))
                        .map(other -> told("redis-server " + one, "redis-server", other, "" + (port + 10_000))))
                .collect(Collectors.toSet());
        expected.add(
                told((isNamedHoweverBrief() ? "redis-cli" : "null") + " 127.0.0.1", "redis-server", near, "" + port));
        Function<Dependency, String> told = each -> told(
                each.client().program() + " " + each.client().address(),
                String.valueOf(each.server().program()),
                String.valueOf(each.server().address()),
                String.valueOf(each.server().port()));
        Answered.await(
                expected,
                () -> answered.exported(this::isHere).stream().map(told).collect(Collectors.toSet()));
    }

    private static String told(String client, String server, String address, String port) {
        return client + " on " + server + " " + address + " " + port;
    }

    /** Both are the same program, and the client's socket is as much one of UDP as the server's. */
    @Test
    void whoAsksForTheTimeDependsOnWhoTellsIt() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        running.push(Servers.timeServer(folder.path(), far, port));
        running.push(Servers.timeClient(folder.path(), far, port));
        awaitTies(Tie.udp(isNamedHoweverBrief() ? "chronyd" : null, "chronyd", far, port));
    }

    @Test
    void memcachedOverBothTransports() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        running.push(Servers.memcached(folder.path(), far, port));
        peer(
                "caching",
                "ask tcp " + far + " " + port + " memcached",
                "ask udp " + far + " " + port + " memcached-datagram");
        awaitTies(Tie.tcp("caching", "memcached", far, port), Tie.udp("caching", "memcached", far, port));
    }

    @Test
    void aQuestionToUnbound() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        running.push(Servers.unbound(folder.path(), far, port));
        peer("resolving", "ask udp " + far + " " + port + " dns");
        awaitTies(Tie.udp("resolving", "unbound", far, port));
    }
}
