package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that appends is killed at any point, {@code -Dstore.kills=n} times; another meets a disk that refuses. */
final class KilledStoreTest {
    private static final long OLDEST = MINUTE - 300_000;
    private static final long OLD_MINUTES = 60 * 4_000;
    private static final String NEVER = Integer.toString(Integer.MAX_VALUE);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyAcknowledgedBatchIsThereOnceAndNoneIsTorn() throws IOException, InterruptedException {
        Path file = folder.resolve("enishi.duckdb");
        Random random = new Random(17);
        int next = 1;
        for (int kill = 0; kill < Integer.getInteger("store.kills", 5); kill++) {
            int acknowledged = appendAndKill(file, next, 1 + random.nextInt(40), random.nextInt(3_000_000));
            try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
                next = assertWhole(store, acknowledged) + 1;
            }
        }
        assertThat(next).isGreaterThan(1);
    }

    /** Thousands of hours are brought forward for longer than the process lives, most times. */
    @Test
    void tablesAreOfTheVersionBeforeOrAfterHoweverBringingThemForwardEnds() throws Exception {
        Path file = folder.resolve("older.duckdb");
        MigrationTest.makeVersion3(file);
        MigrationTest.change(
                file,
                "INSERT INTO coverage SELECT 0, 1, -1, minute, 5, 9, 10, 1, 1, 0, 0, 0, 0, 0 FROM range(" + OLDEST
                        + ", " + (OLDEST + OLD_MINUTES) + ", 20) AS t(minute)");
        Random random = new Random(19);
        for (int kill = 0; kill < 3; kill++) {
            Process child = start(AppendUntilKilled.class, file, "1", NEVER);
            child.onExit()
                    .completeOnTimeout(child, 300 + random.nextInt(1_500), TimeUnit.MILLISECONDS)
                    .join();
            kill(child);
            Path copy = Files.copy(file, folder.resolve("copy" + kill));
            Path log = folder.resolve("older.duckdb.wal");
            if (Files.exists(log)) {
                Files.copy(log, folder.resolve("copy" + kill + ".wal"));
            }
            try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(copy))) {
                for (long from = OLDEST; from < OLDEST + OLD_MINUTES; from += 60_000) {
                    Window old =
                            new Window(Instant.ofEpochSecond(from * 60), Instant.ofEpochSecond((from + 60_000) * 60));
                    assertThat(store.coverage(old))
                            .hasSize(60_000 / 20)
                            .allMatch(each -> each.coverage().seen() == 1);
                }
            }
        }
    }

    @Test
    void secondProcessIsToldWhoHoldsTheFile() throws IOException, InterruptedException {
        Path file = folder.resolve("held.duckdb");
        Process holder = start(AppendUntilKilled.class, file, "1", NEVER);
        try (BufferedReader printed = holder.inputReader()) {
            assertThat(printed.readLine()).isEqualTo("1");
            assertThatThrownBy(() -> DuckDbStore.open(DuckDbSettings.of(file)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process holds " + file)
                    .hasMessageContaining(Long.toString(holder.pid()));
        } finally {
            kill(holder);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000, 100_000_000})
    void refusedWriteToLogOrFileLosesNothingAndTheStoreCarriesOn(long walBytesMax)
            throws IOException, InterruptedException {
        Path file = folder.resolve("limited.duckdb");
        Process child = start(AppendPastALimit.class, file, Long.toString(walBytesMax));
        try (BufferedReader printed = child.inputReader()) {
            assertThat(printed.readLine()).isEqualTo("refused=3 reopened=true notWhole=0");
        } finally {
            kill(child);
        }
    }

    /** Kills between two acknowledgements, some nanoseconds after one. Returns the last number acknowledged. */
    private int appendAndKill(Path file, int first, int batches, long nanos) throws IOException, InterruptedException {
        Process child = start(AppendUntilKilled.class, file, Integer.toString(first), NEVER);
        int acknowledged = first - 1;
        try (BufferedReader printed = child.inputReader()) {
            for (int i = 0; i < batches; i++) {
                acknowledged = number(printed.readLine());
            }
            long until = System.nanoTime() + nanos;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            child.toHandle().destroyForcibly(); // by its handle: what it printed stays readable
            for (String line = printed.readLine(); line != null; line = printed.readLine()) {
                acknowledged = number(line);
            }
        } finally {
            kill(child);
        }
        return acknowledged;
    }

    private static int number(String line) {
        assertThat(line).as("the child ended by itself").isNotNull();
        return Integer.parseInt(line);
    }

    /** One batch beyond the last acknowledged may have been kept: the kill came before its number was printed. */
    private static int assertWhole(DuckDbStore store, int acknowledged) {
        for (int batch = 1; batch <= acknowledged; batch++) {
            assertThat(opened(store, batch)).as("batch " + batch).isEqualTo(AppendUntilKilled.FLOWS);
        }
        int hour = (int) (Math.ceilDiv(MINUTE, 60L) * 60 - MINUTE);
        for (int from = hour; from + 60 <= acknowledged; from += 60) {
            assertThat(opened(store, window(from, from + 60)))
                    .as("hour from batch " + from)
                    .isEqualTo(60L * AppendUntilKilled.FLOWS);
        }
        assertThat(store.coverage(window(1, acknowledged + 1)))
                .hasSize(AppendUntilKilled.HOSTS)
                .allSatisfy(each -> {
                    assertThat(each.minutes()).isEqualTo(acknowledged);
                    assertThat(each.coverage().seen()).isEqualTo(acknowledged);
                });
        long beyond = opened(store, acknowledged + 1);
        int last = beyond == 0 ? acknowledged : acknowledged + 1;
        assertThat(store.listeners(window(last, last + 1), FlowFilter.ALL)).hasSize(AppendUntilKilled.HOSTS);
        assertThat(store.listeners(window(0, last), FlowFilter.ALL)).isEmpty();
        assertThat(beyond).isIn(0L, (long) AppendUntilKilled.FLOWS);
        assertThat(opened(store, acknowledged + 2)).isZero();
        return last;
    }

    private static long opened(DuckDbStore store, int batch) {
        return opened(store, window(batch, batch + 1));
    }

    private static long opened(DuckDbStore store, Window window) {
        return store.flows(window, FlowFilter.ALL).stream()
                .mapToLong(FlowTotals::opened)
                .sum();
    }

    private Process start(Class<?> main, Path file, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder, // DuckDB unpacks itself there, and a killed process cannot tidy up
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                file.toString()));
        command.addAll(List.of(more));
        Path errors = Files.createTempFile(folder, "child", ".err");
        return new ProcessBuilder(command).redirectError(errors.toFile()).start();
    }

    private static void kill(Process child) throws InterruptedException {
        child.destroyForcibly();
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
