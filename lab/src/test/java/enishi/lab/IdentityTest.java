package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What counts as one program, and under which name. A thousand runs of one program begin before the first test and are
 * judged by the last; what runs meanwhile also runs beside processes that end during a search.
 */
@Tag("root")
@ExtendWith(SharedEnishi.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class IdentityTest {
    private static final int RUNS = 1000;
    private static final int PROCESSES_LISTED_MAX = 16;
    private static final Path PROGRAMS = Enishi.ROOT.resolve("lab/src/test/programs");
    private Enishi enishi;
    private Answered answered;

    @AutoClose
    private OpenFolder folder;

    @AutoClose
    private RealProgram crowdServer;

    @AutoClose
    private RealProgram crowd;

    private int crowdPort;
    private Instant crowdBegun;

    @BeforeAll
    void start(Enishi shared) throws Exception {
        enishi = shared;
        answered = new Answered(shared);
        folder = OpenFolder.create();
        crowdPort = Sockets.freeBelowEphemeral();
        crowdServer = peer("crowdd", "listen tcp 127.0.0.1 " + crowdPort);
        Path program = Files.copy(Path.of("/bin/bash"), folder.path().resolve("crowd"));
        crowdBegun = Instant.now();
        crowd = RealProgram.start(
                folder.path(),
                List.of(
                        PROGRAMS.resolve("crowd").toString(),
                        program.toString(),
                        "127.0.0.1",
                        Integer.toString(crowdPort),
                        Integer.toString(RUNS)));
    }

    private RealProgram peer(String name, String... acts) throws Exception {
        return RealProgram.peer(folder.path(), name, Place.LOOPBACK, acts);
    }

    private void awaitTies(Set<Tie> expected, int port) throws InterruptedException {
        answered.awaitTies(expected, each -> each.server().isAt(port));
    }

    @Test
    @Order(1)
    void aServerOfManyThreadsAndAScriptAreEachOneProgramUnderTheNameThatPsPrints() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                PROGRAMS.resolve("Threaded.java").toString(),
                "127.0.0.1",
                Integer.toString(port));
        String ask = "ask tcp 127.0.0.1 " + port;
        try (RealProgram server = RealProgram.start(folder.path(), java).saying("ready");
                RealProgram script = peer("nightly-report.", ask, ask, ask, ask, ask)) {
            assertThat(server.name()).isEqualTo("java");
            assertThat(script.name()).isEqualTo("nightly-report.");
            awaitTies(Set.of(Tie.tcp(script.name(), server.name(), "127.0.0.1", port)), port);
            Dependency only =
                    answered.exported(each -> each.server().isAt(port)).getFirst();
            assertThat(only.client().pids()).containsExactly((int) script.pid());
            assertThat(only.server().pids()).containsExactly((int) server.pid());
            assertThat(only.connections()).isEqualTo(5);
        }
    }

    @Test
    @Order(2)
    void aNameMayHoldSpacesAndParentheses() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        try (RealProgram server = peer("my daemon) S 1", "listen tcp 127.0.0.1 " + port);
                RealProgram client = peer("a client ( 2", "ask tcp 127.0.0.1 " + port)) {
            awaitTies(Set.of(Tie.tcp(client.name(), server.name(), "127.0.0.1", port)), port);
            assertThat(enishi.tuples(port).lines())
                    .containsExactlyInAnyOrder(
                            "127.0.0.1 * 127.0.0.1 " + port + " " + client.pid() + " a client ( 2",
                            "127.0.0.1 * 127.0.0.1 " + port + " " + server.pid() + " my daemon) S 1");
        }
    }

    @Test
    @Order(3)
    void listenersOnDifferentAddressesOfOnePortAreDifferentServers() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        try (RealProgram seven = peer("seven", "listen tcp 127.0.0.7 " + port, "listen udp 127.0.0.7 " + port);
                RealProgram eight = peer("eight", "listen tcp 127.0.0.8 " + port, "listen udp 127.0.0.8 " + port);
                RealProgram client = peer(
                        "asks-both",
                        "ask tcp 127.0.0.7 " + port,
                        "ask tcp 127.0.0.8 " + port,
                        "ask udp 127.0.0.7 " + port,
                        "ask udp 127.0.0.8 " + port)) {
            awaitTies(
                    Set.of(
                            Tie.tcp(client.name(), seven.name(), "127.0.0.7", port),
                            Tie.tcp(client.name(), eight.name(), "127.0.0.8", port),
                            Tie.udp(client.name(), seven.name(), "127.0.0.7", port),
                            Tie.udp(client.name(), eight.name(), "127.0.0.8", port)),
                    port);
        }
    }

    /** A shell that starts one process after another: at every search some end between being listed and being read. */
    @Test
    @Order(4)
    void processesThatEndDuringASearchHurtNoAnswer() throws Exception {
        int port = Sockets.freeBelowEphemeral();
        List<String> churn = List.of("/bin/bash", "-c", "while read -r -t 0.005 <> <(:) || true; do /bin/true; done");
        try (RealProgram shell = RealProgram.start(folder.path(), churn);
                RealProgram server = peer("steadyd", "listen tcp ::1 " + port);
                RealProgram client = peer("steady", "ask tcp ::1 " + port)) {
            awaitTies(Set.of(Tie.tcp(client.name(), server.name(), "::1", port)), port);
            assertThat(shell.name()).isEqualTo("bash");
            assertThat(enishi.ask("agent", "status")).contains(" polls").doesNotContain("failed");
        }
    }

    @Test
    @Order(5)
    void aThousandRunsOfOneProgramAreOneDependencyThatListsSixteenAndCountsTheRest() throws Exception {
        assertThat(crowd.ended(120)).as(crowd.said()).isZero();
        Instant ended = Instant.now();
        Answered.await(Set.of(new Counted(RUNS, 0)), () -> Counted.of(crowdDependencies()));
        List<Dependency> all = crowdDependencies();
        assertThat(Answered.ties(all)).containsExactly(Tie.tcp("crowd", "crowdd", "127.0.0.1", crowdPort));
        Dependency only = all.getFirst();
        assertThat(all).hasSize(1);
        assertThat(only.seenFrom()).isEqualTo(SeenFrom.BOTH);
        assertThat(only.server().pids()).containsExactly((int) crowdServer.pid());
        assertThat(only.client().pids()).hasSize(PROCESSES_LISTED_MAX);
        assertThat(processesByMinute(ended)).isBetween((long) RUNS, RUNS + 200L);
    }

    private List<Dependency> crowdDependencies(String... window) {
        return answered.exported(each -> each.server().isAt(crowdPort), window);
    }

    /** Listed and counted processes, minute by minute: one that is there in two minutes counts in both. */
    private long processesByMinute(Instant end) {
        long sum = 0;
        for (Instant minute = crowdBegun.truncatedTo(ChronoUnit.MINUTES);
                minute.isBefore(end);
                minute = minute.plus(1, ChronoUnit.MINUTES)) {
            for (Dependency each : crowdDependencies("--at", minute.toString())) {
                assertThat(each.client().pids()).hasSizeLessThanOrEqualTo(PROCESSES_LISTED_MAX);
                sum += each.client().pids().size() + each.client().moreProcesses();
            }
        }
        return sum;
    }
}
