package enishi.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.settings.ConfigurationException;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import enishi.wire.v1.AgentStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    private String failure(ExitCode expected, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(Main.start(List.of(arguments), Map.of(), new Home(folder.resolve("home")), err))
                .isEqualTo(expected);
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("enishi agent: ").endsWith("\n");
        assertThat(text.lines()).hasSize(1);
        return text;
    }

    @Test
    void aMissingTokenIsOneLineThatSaysWhereToGetOne() throws IOException {
        assertThat(failure(ExitCode.CONFIGURATION)).contains("agent.token", "enishi server invite");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("home"))))
                .isEqualTo("rwx------");
    }

    @Test
    void anUnknownFlagIsOneLine() {
        assertThat(failure(ExitCode.CONFIGURATION, "--lable", "x=y")).contains("nearest known is 'label'");
    }

    @Test
    void aHomeThatCannotBeMadeIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(failure(
                        ExitCode.CONFIGURATION, "--home", file.resolve("home").toString()))
                .contains("cannot use the state folder");
    }

    @Test
    void certificatesThatCannotBeReadAreOneLine() throws IOException {
        Path pem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        assertThat(failure(ExitCode.CONFIGURATION, "--tls-ca", pem.toString())).contains("'tls-ca'", "ca.pem");
    }

    @Test
    void aSecondAgentOfOneHomeIsToldWhoHoldsIt() throws ConfigurationException {
        Path lock = folder.resolve("agent.lock");
        AgentLock first = AgentLock.take(lock);
        assertThatThrownBy(() -> AgentLock.take(lock))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        first.close();
        AgentLock.take(lock).close();
    }

    @Test
    void theStatusIsReplacedAsAWholeAndGoesAtTheEnd() throws IOException {
        Path path = folder.resolve("agent.status");
        AgentStatus status = AgentStatus.newBuilder().setPid(7).setServer("x").build();
        StatusFile file = new StatusFile(path, () -> status);
        file.write();
        assertThat(AgentStatus.parseFrom(Files.readAllBytes(path))).isEqualTo(status);
        file.close();
        file.write();
        assertThat(path).doesNotExist();
    }
}
