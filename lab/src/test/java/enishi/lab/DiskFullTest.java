package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose disk is full refuses reports and answers questions; once there is room it goes on by itself. */
@Tag("root")
@SuppressWarnings("NullAway.Init") // JUnit calls mount() first
class DiskFullTest {
    /** A starting server unpacks 70 MiB of its engine there. */
    private static final int DISK_MIB = 224;

    private static final int BEFORE = 20;
    private static final int MEANWHILE = 5;
    private final long minute = Instant.now().getEpochSecond() / 60 - 10;

    @TempDir
    private Path folder;

    private SmallDisk disk;
    private Requests requests;

    @BeforeEach
    void mount() throws Exception {
        disk = new SmallDisk(folder.resolve("small"), DISK_MIB);
        requests = new Requests(disk.folder());
    }

    @AfterEach
    void unmount() throws Exception {
        requests.close();
        disk.close();
    }

    /** With a reserve the store stops before; without one its engine meets the full disk. */
    @ParameterizedTest
    @ValueSource(ints = {64, 0})
    void reportsAreRefusedWhileTheDiskIsFullAndNoneIsLost(int reserveMib) throws Exception {
        String why = reserveMib > 0 ? "the reserve" : "No space left on device";
        Poster poster;
        try (Part server = started(reserveMib)) {
            poster = new Poster(1, requests, 5);
            poster.beginMinute(minute);
            poster.postInTurn(BEFORE);
            disk.fill(((long) reserveMib << 20) + (32L << 10));
            Requests.Said said = poster.offer();
            while (said.status() == 204 || said.status() == 429) {
                said = poster.offer();
            }
            assertRefused(said, why);
            long acknowledged = poster.acknowledgements();
            assertThat(acknowledged).isGreaterThan(BEFORE);

            disk.fill(0);
            for (int each = 0; each < MEANWHILE; each++) {
                assertRefused(poster.offer(), why);
                assertKept(poster);
            }
            assertThat(poster.acknowledgements()).isEqualTo(acknowledged);
            assertThat(server.isAlive()).isTrue();

            disk.empty();
            Part.until("a report to be taken again", () -> isTaken(poster));
            poster.postInTurn(BEFORE);
            assertKept(poster);
            server.kill();
        }
        try (Part server = started(reserveMib)) {
            assertThat(server.isAlive()).isTrue();
            assertKept(poster);
        }
    }

    @Test
    void aServerWithoutRoomToStartSaysSoInOneLine() throws Exception {
        disk.fill(1 << 20);
        try (Part server = Part.server(disk.folder())) {
            Part.until("its end", () -> !server.isAlive());
        }
        assertThat(Files.readString(disk.folder().resolve("parts.log")))
                .contains("enishi server: cannot load the database engine: ", "No space left on device", "make room")
                .doesNotContain("\tat ");
    }

    private Part started(int reserveMib) throws Exception {
        Part server = Part.server(disk.folder(), "--store-reserve-mib", Integer.toString(reserveMib));
        server.await("an answer", requests::isAnswering);
        return server;
    }

    private static void assertRefused(Requests.Said said, String why) {
        assertThat(said.status()).as(said.toString()).isEqualTo(503);
        assertThat(said.body()).contains(why);
        assertThat(said.retryAfter()).matches("[1-9][0-9]*");
    }

    private static boolean isTaken(Poster poster) {
        try {
            return poster.offer().status() == 204;
        } catch (Exception e) {
            throw new IllegalStateException("the server does not answer", e);
        }
    }

    private void assertKept(Poster poster) throws Exception {
        PosterTruth truth = new PosterTruth();
        Instant from = Instant.ofEpochSecond(minute * 60);
        truth.check(poster.name(), poster.sentOf(minute), requests.export(from, from.plusSeconds(60)));
        assertThat(truth.verdict())
                .isEqualTo(new PosterTruth.Verdict(poster.sentOf(minute).size(), 0, 0, 0));
    }
}
