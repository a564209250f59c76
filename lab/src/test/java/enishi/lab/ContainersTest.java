package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs in cgroups, network and pid namespaces as container runtimes make them. No engine made them; a server that
 * speaks Docker's API names them.
 */
@Tag("root")
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class ContainersTest {
    private static final int PORT = 5432;
    private final String web = id();
    private final String db = id();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Path socket;
    private Place far;

    /** What ends of one dependency are told of their containers. */
    private record Ends(
            boolean sameHost,
            String client,
            String clientService,
            String clientContainer,
            String server,
            String serverService,
            String serverContainer) {
        static Ends of(Dependency each) {
            String host = String.valueOf(each.client().host());
            return new Ends(
                    host.equals(each.server().host()),
                    String.valueOf(each.client().program()),
                    String.valueOf(each.client().service()),
                    String.valueOf(each.client().container()),
                    String.valueOf(each.server().program()),
                    String.valueOf(each.server().service()),
                    String.valueOf(each.server().container()));
        }
    }

    /** 64 digits that no other container has. */
    private static String id() {
        return ThreadLocalRandom.current()
                .ints(32, 0, 256)
                .mapToObj("%02x"::formatted)
                .collect(Collectors.joining());
    }

    @BeforeEach
    void start() throws Exception {
        OpenFolder folder = opened(OpenFolder.create());
        TwoNamespaces namespaces = opened(new TwoNamespaces());
        far = namespaces.far();
        LabCgroup ofDb = opened(LabCgroup.v2("system.slice/docker-" + db + ".scope"));
        LabCgroup ofWeb = opened(LabCgroup.v1("docker/" + web));
        socket = folder.path().resolve("docker.sock");
        String program = Enishi.ROOT.resolve("lab/src/test/programs/runtime").toString();
        opened(RealProgram.start(folder.path(), List.of(program, socket.toString(), web + "=web", db + "=shop/db"))
                .saying("ready"));
        opened(RealProgram.peer(folder.path(), "dbd", ofDb.containing(far), act("listen", far)));
        opened(RealProgram.peer(folder.path(), "webd", ofWeb.containing(namespaces.near()), act("ask", far)));
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.push(each);
        return each;
    }

    /** What was opened last goes first: programs before the cgroups and namespaces they are in. */
    @AfterEach
    void end() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private static String act(String verb, Place at) {
        return verb + " tcp " + at.v4() + " " + PORT;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-tcp", "sock_diag", "proc"})
    void aContainerBelongsToItsHostAndGoesByItsNameOnEveryRung(String rung) throws Exception {
        try (OpenFolder home = OpenFolder.create()) {
            Files.writeString(
                    home.path().resolve("enishi.yaml"), "agent:\n  container-runtime-socket: " + socket + "\n");
            Enishi enishi = new Enishi(home.path());
            Answered answered = new Answered(enishi);
            try {
                enishi.up("--rung", rung);
                Set<Ends> expected = Set.of(new Ends(true, "webd", "web", web, "dbd", "shop/db", db));
                Answered.await(
                        expected,
                        () ->
                                answered
                                        .exported(each ->
                                                far.v4().equals(each.server().address())
                                                        && each.server().isAt(PORT))
                                        .stream()
                                        .map(Ends::of)
                                        .collect(Collectors.toSet()));
                assertThat(enishi.ask("dependents", "service:shop/db")).contains("webd");
                assertThat(enishi.ask("agent", "status")).doesNotContain("container");
            } finally {
                enishi.down();
            }
        }
    }
}
