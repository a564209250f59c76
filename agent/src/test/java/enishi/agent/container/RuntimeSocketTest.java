package enishi.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runtime's socket, asked as Docker's API is. */
class RuntimeSocketTest {
    private static final String ID = "1568b9c344969ca87933b006d08219036c22ee24213f2d11d2c56bb7781c23ca";
    private static final String INSPECTED = """
            {"Id":"%s","Created":"2026-01-01T00:00:00Z","Path":"docker-entrypoint.sh","Args":["mysqld"],
             "State":{"Status":"running","Running":true,"Pid":42,"ExitCode":0},"Image":"sha256:deadbeef",
             "Name":"/shop-db-1","RestartCount":0,"MountLabel":"","Config":{"Hostname":"é1568b9c3449","Image":"mysql:8.4",
             "Labels":%s},"NetworkSettings":{"Ports":{"3306/tcp":null}}}
            """;
    private static final String COMPOSED =
            "{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"db\"}";

    @TempDir
    private Path folder;

    private Optional<String> ask(String answer) throws IOException {
        Path path = folder.resolve("docker.sock");
        try (FakeRuntime runtime = new FakeRuntime(path, id -> id.equals(ID) ? answer : FakeRuntime.missing())) {
            Optional<String> name = new RuntimeSocket(path, Duration.ofSeconds(10)).nameOf(ID);
            assertThat(runtime.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("GET /containers/" + ID + "/json HTTP/1.1\r\n")
                            .contains("\r\nHost: ")
                            .contains("\r\nConnection: close\r\n"));
            return name;
        }
    }

    @Test
    void theNameIsRead() throws IOException {
        assertThat(ask(FakeRuntime.json(INSPECTED.formatted(ID, "{}")))).contains("shop-db-1");
        assertThat(ask(FakeRuntime.json(INSPECTED.formatted(ID, "null")))).contains("shop-db-1");
    }

    @Test
    void labelsOfComposeTellMore() throws IOException {
        assertThat(ask(FakeRuntime.json(INSPECTED.formatted(ID, COMPOSED)))).contains("shop/db");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096})
    void anAnswerMayComeInChunks(int bytes) throws IOException {
        String ascii = INSPECTED.replace("é", "");
        assertThat(ask(FakeRuntime.inChunks(ascii.formatted(ID, COMPOSED), bytes)))
                .contains("shop/db");
    }

    /** Another runtime made it. */
    @Test
    void aContainerThatTheRuntimeDoesNotKnowHasNoName() throws IOException {
        assertThat(ask(FakeRuntime.missing())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 500 Internal Server Error\r\n\r\n",
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n{\"Name\":",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{}\r\n"
            })
    void anAnswerThatMakesNoSenseIsAFailure(String answer) {
        assertThatThrownBy(() -> ask(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void anEndlessAnswerIsCut() {
        assertThatThrownBy(() -> ask("HTTP/1.1 200 OK\r\n\r\n" + " ".repeat(2 << 20)))
                .hasMessageContaining("longer than");
    }

    /** A runtime may hang: while it restarts, or for a container that it is stuck with. */
    @Test
    void aRuntimeThatSaysNothingIsNotWaitedForForever() throws IOException {
        Path path = folder.resolve("docker.sock");
        try (FakeRuntime runtime = new FakeRuntime(path, id -> "")) {
            assertThatThrownBy(() -> new RuntimeSocket(path, Duration.ofMillis(50)).nameOf(ID))
                    .hasMessageContaining("not answered within 50 ms");
            assertThat(runtime.requests()).isNotNull();
        }
    }

    @Test
    void noRuntimeIsAFailure() {
        assertThatThrownBy(() -> new RuntimeSocket(folder.resolve("none.sock"), Duration.ofSeconds(1)).nameOf(ID))
                .isInstanceOf(IOException.class);
    }
}
