package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.model.Evidence;
import enishi.model.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dependencies within a host over unix sockets, as a user sees them. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class UnixSocketsTest {
    private static final int SHORT = 1_000;

    private final Enishi enishi;
    private final Answered answered;

    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    UnixSocketsTest(Enishi shared) throws Exception {
        enishi = shared;
        answered = new Answered(shared);
    }

    private static Predicate<Dependency> at(Path socket) {
        return each -> socket.toString().equals(each.server().path());
    }

    private static Set<Tie> tie(String client, String server) {
        return Set.of(new Tie(client, server, null, null, Transport.UNIX));
    }

    private static void ends(RealProgram program) throws InterruptedException {
        assertThat(program.ended(60)).as(program.said()).isZero();
    }

    private RealProgram python(String program, Path socket) throws Exception {
        return RealProgram.python(folder.path(), program, socket);
    }

    @Test
    void psqlDependsOnPostgresByItsSocket() throws Exception {
        Path home = folder.ownedBy("nobody", "postgres");
        Path socket = home.resolve(".s.PGSQL.5432");
        try (RealProgram postgres = Servers.postgresWithSocket(home)) {
            for (int i = 0; i < 3; i++) {
                ends(RealProgram.start(
                        folder.path(),
                        List.of("psql", "-h", home.toString(), "-U", "postgres", "-c", "select 1", "postgres")));
            }
            answered.awaitTies(tie("psql", "postgres"), at(socket));
            answered.awaitConnections(3, at(socket));
            Dependency only = answered.exported(at(socket)).getFirst();
            assertThat(only.evidence()).containsExactlyInAnyOrder(Evidence.CONNECT, Evidence.LISTENER);
            assertThat(only.failures()).isZero();
            assertThat(enishi.ask("dependents", "unix:" + socket))
                    .contains("psql")
                    .contains("postgres unix:" + socket);
            assertThat(answered.lines("tuples"))
                    .anyMatch(line -> line.matches("\\* \\* \\Q" + socket + "\\E \\* \\d+ psql"));
            assertThat(enishi.ask("agent", "status")).contains("cgroup/connect_unix");
            assertThat(postgres.said()).contains("ready to accept connections");
        }
    }

    @Test
    void aThousandConnectionsOfAMillisecondAreAThousand() throws Exception {
        Path socket = folder.path().resolve("brief");
        try (RealProgram server = python("""
                import socket, sys
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(64); print('listening')
                while True: s.accept()[0].close()
                """, socket).saying("listening")) {
            ends(python("""
                import socket, sys, time
                for i in range(1000):
                    c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[1]); time.sleep(0.001); c.close()
                """, socket));
            answered.awaitConnections(SHORT, at(socket));
            assertThat(Answered.ties(answered.exported(at(socket)))).isEqualTo(tie("python3", "python3"));
            assertThat(server.said()).contains("listening");
        }
    }

    /** As syslog(3): connected once, or a name with each datagram. */
    @Test
    void whoLogsDependsOnTheLogger() throws Exception {
        Path socket = folder.path().resolve("log");
        try (RealProgram logger = python("""
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); print('listening')
                while True: s.recv(99)
                """, socket).saying("listening")) {
            ends(python("""
                import socket, sys
                c = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); c.connect(sys.argv[1])
                for i in range(9): c.send(b'<13>connected')
                n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                for i in range(9): n.sendto(b'<13>named', sys.argv[1])
                """, socket));
            answered.awaitConnections(2, at(socket));
            assertThat(logger.said()).contains("listening");
        }
    }

    @Test
    void loggerDependsOnRsyslogByItsSocket() throws Exception {
        Path socket = folder.path().resolve("dev-log");
        try (RealProgram rsyslog = Servers.rsyslog(folder.path(), socket)) {
            for (int i = 0; i < 3; i++) {
                ends(RealProgram.start(folder.path(), List.of("logger", "-u", socket.toString(), "message " + i)));
            }
            answered.awaitTies(tie("logger", "rsyslogd"), at(socket));
            answered.awaitConnections(3, at(socket));
            assertThat(Files.readString(folder.path().resolve("messages"))).contains("message 0", "message 2");
            assertThat(rsyslog.said()).isEmpty();
        }
    }

    @Test
    void whereNobodyListensItIsAnAttemptAndNoDependency() throws Exception {
        Path socket = folder.path().resolve("nobody");
        ends(python("import socket, sys; socket.socket(socket.AF_UNIX).connect_ex(sys.argv[1])", socket));
        Answered.await(
                true,
                () -> answered.lines("jsonl", "--attempts").stream()
                        .anyMatch(line -> line.contains(socket.toString())));
        assertThat(answered.exported(at(socket))).isEmpty();
        assertThat(Files.exists(socket)).isFalse();
    }
}
