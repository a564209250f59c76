package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.access.Identity;
import enishi.model.HostId;
import enishi.wire.ReportCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup as it is typed: of a running server, of one that was killed, and brought back into another state folder. */
@SuppressWarnings("NullAway.Init") // JUnit calls makeHomes() first
class BackupTest {
    private static final HostId HOST = new HostId(1, 2);

    @TempDir
    Path folder;

    private final long minuteNow = Instant.now().getEpochSecond() / 60;
    private Path first;
    private Path second;
    private Path file;

    @BeforeEach
    void makeHomes() throws Exception {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
        file = folder.resolve("backup");
    }

    /** Every dependency, without the last line, which changes with every second. */
    private List<String> everything(Requests requests) throws Exception {
        Instant now = Instant.ofEpochSecond(minuteNow * 60);
        List<String> lines = requests.ask("/api/v1/export?since=" + now.minusSeconds(3_600) + "&until=" + now)
                .lines()
                .toList();
        return lines.subList(0, lines.size() - 1);
    }

    @Test
    void whatARunningServerKeptIsAnsweredByAnotherInWhichItsBackupWasRestored() throws Exception {
        Enishi enishi = new Enishi(first);
        List<String> before;
        try (Part server = Part.server(first);
                Requests requests = new Requests(first)) {
            server.await("an answer", requests::isAnswering);
            byte[] report = ReportCodec.encode(SampleReport.of(HOST, "appd", minuteNow - 5, minuteNow * 60_000));
            assertThat(requests.post(report, requests.token(new Identity.Agent(HOST)))
                            .status())
                    .isEqualTo(204);
            before = everything(requests);
            assertThat(before).hasSize(1);
            assertThat(enishi.run("server", "backup", file.toString()).code()).isZero();
            Enishi.Ended verify = enishi.run("server", "verify");
            verify.isOneLine(69);
            assertThat(verify.err()).contains("pid " + server.pid(), "enishi server backup FILE");
            enishi.run("server", "restore", file.toString()).isOneLine(69);
            server.kill();
            Path later = folder.resolve("later");
            assertThat(enishi.run("server", "backup", later.toString()).code()).isZero();
            assertThat(enishi.run("server", "verify", later.toString()).code()).isZero();
        }
        enishi.run("server", "restore", file.toString()).isOneLine(74);
        Enishi other = new Enishi(second);
        assertThat(other.run("server", "restore", file.toString()).code()).isZero();
        assertThat(other.run("server", "verify").out()).contains("is whole");
        try (Part server = Part.server(second);
                Requests requests = new Requests(second)) {
            server.await("an answer", requests::isAnswering);
            assertThat(everything(requests)).isEqualTo(before);
        }
    }
}
