package enishi.agent.spool;

import static enishi.agent.spool.SpoolText.bytes;
import static enishi.agent.spool.SpoolText.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFullDiskTest {
    private static final SpoolLimits LIMITS = new SpoolLimits(1024 * 1024);

    @TempDir
    Path folder;

    /** Takes some bytes of what is asked of it and then fails, as often as it is told to. */
    private static final class FailingDisk implements Disk {
        private int failures;

        @Override
        public Output create(Path path) throws IOException {
            Output real = Disk.real().create(path);
            return new Output() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    if (failures > 0) {
                        failures--;
                        real.append(bytes.slice(0, bytes.remaining() / 2));
                        throw new IOException("No space left on device");
                    }
                    real.append(bytes);
                }

                @Override
                public void truncate(long length) throws IOException {
                    throw new IOException("Input/output error");
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }
    }

    @Test
    void aFailedAppendRollsToANewSegmentAndLosesNothing() throws IOException {
        FailingDisk disk = new FailingDisk();
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents(), disk)) {
            spool.append(bytes("a"));
            disk.failures = 1;
            spool.append(bytes("b"));
            spool.append(bytes("c"));
            assertThat(SpoolText.segmentsIn(folder)).hasSize(2);
            assertThat(drain(spool)).containsExactly("a", "b", "c");
            assertThat(spool.counters().failedAppends()).isZero();
        }
    }

    @Test
    void aDiskThatStaysFullIsCountedAndLeftBehind() throws IOException {
        FailingDisk disk = new FailingDisk();
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents(), disk)) {
            spool.append(bytes("a"));
            disk.failures = 4;
            assertThatThrownBy(() -> spool.append(bytes("b"))).hasMessageContaining("No space");
            assertThatThrownBy(() -> spool.append(bytes("c"))).hasMessageContaining("No space");
            spool.append(bytes("d"));
            assertThat(spool.counters().failedAppends()).isEqualTo(2);
        }
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            assertThat(drain(spool)).containsExactly("a", "d");
        }
    }

    @Test
    @Tag("root")
    void aFileSystemThatIsReallyFullNeverStopsIt() throws IOException, InterruptedException {
        Path mount = Files.createDirectory(folder.resolve("tiny"));
        run("mount", "-t", "tmpfs", "-o", "size=128k", "enishi-spool-test", mount.toString());
        try (Spool spool = Spool.open(mount.resolve("spool"), LIMITS, new RecordingContents())) {
            List<String> kept = new ArrayList<>();
            int failed = 0;
            for (int i = 0; i < 100; i++) {
                String report = i + "x".repeat(5000);
                try {
                    spool.append(bytes(report));
                    kept.add(report);
                } catch (IOException e) {
                    failed++;
                }
            }
            assertThat(failed).isPositive().isEqualTo((int) spool.counters().failedAppends());
            assertThat(drain(spool)).isEqualTo(kept);
            spool.append(bytes("room again"));
            assertThat(drain(spool)).containsExactly("room again");
        } finally {
            run("umount", "--lazy", mount.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
