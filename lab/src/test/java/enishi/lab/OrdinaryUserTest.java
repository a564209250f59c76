package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.Dependency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code enishi up} as a user who may not read the descriptors of others' processes. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class OrdinaryUserTest {
    private static final Place OF_NOBODY = Place.LOOPBACK.asNobody();
    private Enishi enishi;

    @AutoClose
    private OpenFolder folder;

    @BeforeAll
    void start() throws Exception {
        folder = OpenFolder.create();
        Path dist = copy(Enishi.DIST, folder.path().resolve("dist"));
        enishi = new Enishi(folder.ownedBy("nobody", "home"), dist, OF_NOBODY.prefix());
        enishi.up();
    }

    @AfterAll
    void stop() throws Exception {
        enishi.down();
    }

    /** The checkout may lie where only root can read. */
    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
        return to;
    }

    @Test
    void hisOwnProgramsAreNamedAndThoseOfOthersAreUnknown() throws Exception {
        int port = Sockets.free(1).getFirst();
        String listen = "listen tcp 127.0.0.1 " + port;
        String ask = "ask tcp 127.0.0.1 " + port;
        Answered answered = new Answered(enishi);
        try (RealProgram others = RealProgram.peer(folder.path(), "othersd", Place.LOOPBACK, listen);
                RealProgram own = RealProgram.peer(folder.path(), "own", OF_NOBODY, ask)) {
            assertThat(others.name()).isEqualTo("othersd");
            answered.awaitTies(
                    Set.of(Tie.tcp("own", null, "127.0.0.1", port)),
                    each -> each.server().isAt(port));
            Answer<Dependency> answer = answered.dependencies("self/own");
            assertThat(answer.items().getFirst().client().pids()).containsExactly((int) own.pid());
            Enishi.await(
                    "a note, which comes with the coverage",
                    () -> answered.dependencies("self/own").notes().stream()
                            .anyMatch(note ->
                                    note.matches("The process of \\d+ connections is unknown:.* another user\\.")));
        }
    }

    @Test
    void hisAgentCountsTheProcessesItMayNotReadAndFailsAtNone() throws Exception {
        Enishi.await(
                "processes that cannot be read",
                () -> enishi.ask("agent", "status")
                        .matches("(?s).* [1-9]\\d* process(es)?\\s+could\\s+not\\s+be\\s+read.*"));
        assertThat(enishi.ask("agent", "status")).contains(" polls").doesNotContain("of them failed");
    }

    /** As he starts it, not only when he asks for the agent's status. */
    @Test
    void heIsToldAtTheStartThatOthersProcessesAreHiddenAndThatRootSeesThem() throws Exception {
        Path said = enishi.home().resolve("up.out");
        Enishi.await(
                "a limit that names others' processes and the remedy",
                () -> read(said)
                        .replaceAll("\\s+", " ")
                        .matches(".*unseen: Other users' processes are hidden [^:]*:.* root .*"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }
}
