package enishi.server.store.duckdb;

import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.server.store.FlowFilter;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.server.store.StoreContract;
import enishi.server.store.StoreException;
import enishi.server.store.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DuckDbStoreTest extends StoreContract {
    @TempDir
    private Path folder = Path.of("");

    private final AtomicLong free = new AtomicLong(1L << 40);

    @Override
    protected Store open() {
        return DuckDbStore.open(settings(64L << 20));
    }

    @Override
    public Store open(Path backup) {
        return DuckDbStore.open(DuckDbSettings.of(backup));
    }

    private DuckDbSettings settings(long walBytesMax) {
        Path file = folder.resolve("enishi.duckdb");
        return new DuckDbSettings(file, 256, 2, walBytesMax, 1000, free::get, Duration.ofSeconds(30), 2, 0, 1 << 20);
    }

    @Test
    void reopenedStoreKeepsEverything() {
        Random random = new Random(11);
        for (int sequence = 1; sequence <= 30; sequence++) {
            store.append(List.of(Reports.random(random, sequence)));
        }
        var hosts = store.hosts();
        var flows = store.flows(window(0, 9), FlowFilter.ALL);
        var listeners = store.listeners(window(0, 9), FlowFilter.ALL);
        var coverage = store.coverage(window(0, 9));
        assertThat(flows).isNotEmpty();
        store.close();
        store = open();
        assertThat(store.hosts()).containsExactlyInAnyOrderElementsOf(hosts);
        assertThat(store.flows(window(0, 9), FlowFilter.ALL)).containsExactlyInAnyOrderElementsOf(flows);
        assertThat(store.listeners(window(0, 9), FlowFilter.ALL)).containsExactlyInAnyOrderElementsOf(listeners);
        assertThat(store.coverage(window(0, 9))).containsExactlyInAnyOrderElementsOf(coverage);
    }

    @Test
    void flowKnownBeforeAReopeningIsNotWrittenAgain() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1))));
        store.close();
        store = open();
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(1, 1))));
        store.append(List.of(report(1, 6, 1, flow(1, 1), observation(1, 1))));
        assertThat(store.flows(window(0, 9), FlowFilter.ALL)).hasSize(1);
        assertThat(store.hosts()).hasSize(1);
    }

    @Test
    void fullDiskRefusesAndKeepsWhatWasThere() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1))));
        free.set(999);
        List<Received> more = List.of(report(1, 5, 2, flow(1, 2), observation(0, 1)));
        assertThatThrownBy(() -> store.append(more))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("999 bytes are free")
                .hasMessageContaining("make room");
        assertThat(store.flows(window(0, 1), FlowFilter.ALL)).hasSize(1);
        free.set(1000);
        store.append(more);
        assertThat(store.flows(window(0, 1), FlowFilter.ALL)).hasSize(2);
    }

    @Test
    void damagedFileIsRefusedAndLeftAlone() throws IOException {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 1))));
        store.close();
        Path file = folder.resolve("enishi.duckdb");
        byte[] damaged = Files.readAllBytes(file);
        for (int i = 0; i < 8192; i++) {
            damaged[i] = (byte) ~damaged[i];
        }
        Files.write(file, damaged);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot open " + file)
                .hasMessageContaining("nothing was changed");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void logIsFoldedIntoTheFileOnceItIsLarge() throws IOException {
        store.close();
        DuckDbSettings small = settings(1000);
        store = DuckDbStore.open(small);
        for (int minute = 0; minute < 20; minute++) {
            store.append(List.of(report(1, 5, minute + 1, flow(1, minute), observation(minute, 1))));
        }
        assertThat(Files.notExists(small.wal()) || Files.size(small.wal()) <= 1000)
                .isTrue();
        assertThat(store.flows(window(0, 20), FlowFilter.ALL)).hasSize(20);
        assertThat(((DuckDbStore) store).checkpointsFailed()).isZero();
    }

    /** The engine refuses to fold its log while another transaction writes; one of them may begin just then. */
    @Test
    void theLogIsNotFoldedWhileAnHourIsSealed() throws InterruptedException {
        store.close();
        store = DuckDbStore.open(settings(1000));
        Retention all = new Retention(1_000_000, Long.MAX_VALUE);
        Thread sealing = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                store.rollUp(all, Instant.ofEpochSecond((Reports.MINUTE + 1_000) * 60));
            }
        });
        for (int minute = 0; minute < 60; minute++) {
            store.append(List.of(report(1, 5, minute + 1, flow(1, minute), observation(minute, 1))));
        }
        sealing.interrupt();
        sealing.join();
        assertThat(((DuckDbStore) store).checkpointsFailed()).isLessThan(4);
        assertThat(store.flows(window(0, 60), FlowFilter.ALL)).hasSize(60);
    }

    @Test
    void appendAfterCloseIsRefused() {
        store.close();
        assertThatThrownBy(() -> store.append(List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void interruptedAskerIsToldSo() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> store.coverage(window(0, 1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(store.coverage(window(0, 1))).isEmpty();
    }
}
