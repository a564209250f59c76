package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Room;
import enishi.agent.kernel.RecallPlace.Done;
import enishi.agent.kernel.RecallWatch.Side;
import enishi.agent.kernel.RecallWatch.Sum;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What tracers get wrong elsewhere: connections refused, reset, handed to children, and sockets used oddly. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecallOddTest {
    private static final String CLIENT = "load-client";
    private static final String SERVER = "load-server";
    private final RecallPlace place;
    private final RecallWatch watch;
    private Losses before = Losses.NONE;

    RecallOddTest() throws Exception {
        place = new RecallPlace();
        watch = RecallWatch.ofAll(place);
    }

    @BeforeEach
    void lostBefore() throws Exception {
        before = watch.losses();
    }

    @AfterEach
    void nothingWasLost() throws Exception {
        assertThat(watch.losses()).isEqualTo(before);
    }

    @AfterAll
    void end() throws Exception {
        watch.close();
        place.close();
    }

    private static Side client(Done done, boolean udp, String program) {
        return new Side(udp, true, (int) done.number("port"), program, (int) done.number("client"));
    }

    private static Side server(Done done, boolean udp, String program) {
        return new Side(udp, false, (int) done.number("port"), program, (int) done.number("servers"));
    }

    private static Sum failed(long count) {
        return new Sum(0, 0, 0, count, 0, 0);
    }

    private void bothEndsOf(Done done) throws Exception {
        long made = done.number("made");
        assertThat(watch.take())
                .isEqualTo(Map.of(
                        client(done, false, CLIENT),
                        Sum.whole(made, done.number("sent"), done.number("received")),
                        server(done, false, SERVER),
                        Sum.whole(made, done.number("server_sent"), done.number("server_received"))));
    }

    @Test
    void refusedByBlockingSockets() throws Exception {
        Done done = place.does("odd", "refused", "1024");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, false, "odd-client"), failed(1024)));
    }

    @Test
    void refusedByNonBlockingSockets() throws Exception {
        Done done = place.does("odd", "refused-later", "1024");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, false, "odd-client"), failed(1024)));
    }

    @Test
    void refusedAgainAndAgainByOneSocket() throws Exception {
        Done done = place.does("odd", "again", "1024");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, false, "odd-client"), failed(1024)));
    }

    @Test
    void whatTheServerNeverAcceptedIsToldByTheClient() throws Exception {
        Done done = place.does("odd", "unaccepted", "100");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, false, "odd-client"), Sum.whole(100, 0, 0)));
    }

    @Test
    void closedByReset() throws Exception {
        bothEndsOf(place.does("load", "--count", "1000", "--linger0"));
        bothEndsOf(place.does("load", "--count", "1000", "--linger0", "--lifetime", "700000"));
    }

    /** The peer's FIN, which the kernel counts as a byte, arrives while the socket is released on the other processor. */
    @Test
    void closedByBothEndsAtTheSameMoment() throws Exception {
        int count = 20_000;
        Done done = place.does("odd", "together", String.valueOf(count));
        assertThat(watch.take())
                .isEqualTo(Map.of(
                        client(done, false, "odd-client"),
                        Sum.whole(count, count, count),
                        server(done, false, "odd-server"),
                        Sum.whole(count, count, count)));
    }

    @Test
    void acceptedFromAListenerWithoutBacklog() throws Exception {
        bothEndsOf(place.does("load", "--count", "300", "--backlog", "0", "--window", "1"));
    }

    @Test
    void clientSaysByShutdownThatItIsDone() throws Exception {
        bothEndsOf(place.does("load", "--count", "1000", "--half", "--send", "70001", "--answer", "90001"));
    }

    @Test
    void manyBytesEachWay() throws Exception {
        bothEndsOf(place.does("load", "--count", "300", "--send", "700001", "--answer", "900001", "--window", "10"));
    }

    @Test
    void requestsOnConnectionsThatStayOpen() throws Exception {
        bothEndsOf(place.does("load", "--count", "20", "--exchanges", "2000", "--lifetime", "1200000"));
    }

    @Test
    void nothingIsSaid() throws Exception {
        bothEndsOf(place.does("load", "--count", "1000", "--send", "0", "--answer", "0"));
    }

    @Test
    void nothingIsSaidByEndsOfAListenerWithoutBacklog() throws Exception {
        bothEndsOf(place.does(
                "load",
                "--count",
                "100",
                "--rate",
                "100",
                "--lifetime",
                "5000",
                "--send",
                "0",
                "--answer",
                "0",
                "--backlog",
                "0"));
    }

    @Test
    void workersForkedBeforeAreNamed() throws Exception {
        Done done = place.does("load", "--count", "2000", "--workers", "4", "--rate", "5000");
        Map<Side, Sum> told = watch.take();
        assertThat(told.remove(client(done, false, CLIENT)))
                .isEqualTo(Sum.whole(2000, done.number("sent"), done.number("received")));
        assertThat(told.keySet()).allSatisfy(side -> {
            assertThat(side.client()).isFalse();
            assertThat(side.program()).isEqualTo(SERVER);
            assertThat(done.numbers("servers")).contains((long) side.pid());
        });
        assertThat(told.values().stream().reduce(Sum.whole(0, 0, 0), Sum::plus))
                .isEqualTo(Sum.whole(2000, done.number("server_sent"), done.number("server_received")));
    }

    /** Without a sweep: one may find the parent, which holds the connection until it has made the child. */
    @Test
    void childForEachConnectionIsNamed() throws Exception {
        try (RecallWatch unswept = new RecallWatch(place, place.cgroup(), Room.DEFAULT, 0, false)) {
            Done done = place.does("load", "--count", "300", "--fork", "--lifetime", "50000", "--window", "20");
            Map<Side, Sum> told = unswept.take();
            assertThat(told.remove(client(done, false, CLIENT)))
                    .isEqualTo(Sum.whole(300, done.number("sent"), done.number("received")));
            assertThat(told).doesNotContainKey(server(done, false, SERVER));
            assertThat(told).hasSize(300).allSatisfy((side, sum) -> {
                assertThat(side.client()).isFalse();
                assertThat(side.program()).isEqualTo(SERVER);
                assertThat(sum).isEqualTo(Sum.whole(1, 40, 100));
            });
        }
        watch.take();
    }

    /** Whoever looks, as {@code ss -p} does, is sometimes the last to hold a connection, and then nobody knows whose it was. */
    @Test
    void whoLooksThroughDescriptorsIsNotTheOneWhoAsked() throws Exception {
        int count = 1_000;
        Done done = place.does("odd", "looked-at", String.valueOf(count));
        Map<Side, Sum> told = watch.take();
        Side client = client(done, false, "odd-client");
        Side nobody = new Side(false, true, client.port(), "", 0);
        Side server = server(done, false, "odd-server");
        Sum nobodys = told.containsKey(nobody) ? told.remove(nobody) : Sum.whole(0, 0, 0);
        assertThat(told)
                .isEqualTo(Map.of(client, Sum.whole(count - nobodys.opened(), 0, 0), server, Sum.whole(count, 0, 0)));
        assertThat(nobodys).isEqualTo(Sum.whole(watch.losses().nobody() - before.nobody(), 0, 0));
        before = watch.losses();
    }

    @Test
    void datagramsThatNobodyAnswersAreADependency() throws Exception {
        Done done = place.does("odd", "unanswered", "500");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, true, "odd-client"), Sum.whole(500, 0, 0)));
    }

    @Test
    void datagramsToAPortThatNobodyHasAreAttempts() throws Exception {
        Done done = place.does("odd", "unreached", "500");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, true, "odd-client"), failed(500)));
    }

    /** Each refusal counts once, whether the socket is kept by then or not. */
    @Test
    void datagramsToOneWhoHasGoneAreAttempts() throws Exception {
        Done done = place.does("odd", "left", "200");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, true, "odd-client"), failed(200)));
    }

    /** It may have been refused a moment ago, when nobody watched, and hosts say so once a second only. */
    @Test
    void oneThatSendsAndEndsUnansweredBeforeRefusalsAreKnownIsAnAttempt() throws Exception {
        watch.refusalsSince(Long.MAX_VALUE);
        Done done = place.does("odd", "unanswered", "200");
        assertThat(watch.take()).isEqualTo(Map.of(client(done, true, "odd-client"), failed(200)));
        watch.refusalsSince(0);
    }

    @Test
    void datagramSocketsThatNeverSendAreNoDependency() throws Exception {
        place.does("odd", "silent", "1000");
        assertThat(watch.take()).isEmpty();
    }

    @Test
    void oneDatagramSocketConnectedInTurnToThreePeers() throws Exception {
        Done done = place.does("odd", "turning", "5");
        Map<Side, Sum> told = watch.take();
        assertThat(told).hasSize(6).allSatisfy((side, sum) -> {
            assertThat(sum).isEqualTo(Sum.whole(1, 0, 0));
            assertThat(side.pid()).isEqualTo((int) done.number(side.client() ? "client" : "servers"));
            assertThat(done.numbers("ports")).contains((long) side.port());
        });
    }

    @Test
    void connectedDatagramSocketsThatAskWhoAnsweredAreToldOnce() throws Exception {
        Done done = place.does("load", "--udp", "--named", "--count", "500");
        assertThat(watch.take())
                .isEqualTo(Map.of(
                        client(done, true, CLIENT),
                        Sum.whole(500, 0, 0),
                        server(done, true, SERVER),
                        Sum.whole(done.number("peers"), 0, 0)));
    }

    @Test
    void connectedDatagramSocketsThatNameTheirPeerAreToldOnce() throws Exception {
        Done done = place.does("odd", "both", "500");
        Map<Side, Sum> told = watch.take();
        assertThat(told.get(client(done, true, "odd-client"))).isEqualTo(Sum.whole(500, 0, 0));
    }
}
