package enishi.server.store.duckdb;

import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.server.store.Damage;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.InMemoryStore;
import enishi.server.store.KnownHost;
import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.server.store.StoreException;
import enishi.server.store.StoreFullException;
import enishi.server.store.duckdb.copies.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a DuckDB store while it is written, and what is found in files that are whole and that are not. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() first
final class BackupTest {
    private static final int FLOWS = AppendUntilKilled.FLOWS;

    /** When a report of sequence 0 of those batches would have come. */
    private static final long NOTHING_YET = report(1, 1, 0, flow(1, 1)).receivedAtMillis();

    @TempDir
    private Path folder;

    private final AtomicLong free = new AtomicLong(1L << 40);
    private DuckDbStore store;

    @BeforeEach
    void open() {
        store = DuckDbStore.open(settings(folder.resolve("enishi.duckdb")));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A small log, so that it is folded also while a backup is made. */
    private DuckDbSettings settings(Path file) {
        return new DuckDbSettings(file, 256, 2, 100_000, 1000, free::get, Duration.ofSeconds(30), 2, 1 << 20, 1 << 20);
    }

    private Verification.Found verify(Path file) {
        return DuckDbStore.verify(settings(file), each -> {});
    }

    private Path backup(String name) {
        Path file = folder.resolve(name);
        store.backup(file);
        return file;
    }

    @Test
    void backupsMadeWhileBatchesAreAppendedHoldThoseUpToAMomentAndNoneInPart() {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong appended = new AtomicLong();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int batch = 1; !enough.get(); batch++) {
                store.append(AppendUntilKilled.batch(batch));
                appended.set(batch);
                if (batch % 16 == 0) {
                    store.rollUp(Retention.DEFAULT, window(batch, batch + 1).from());
                }
            }
        });
        try {
            for (int number = 0; number < 3; number++) {
                long before = appended.get();
                Path file = backup("backup" + number);
                long after = appended.get();
                assertThat(batchesOf(file)).as("batches of backup " + number).isBetween((int) before, (int) after + 1);
            }
        } finally {
            enough.set(true);
        }
        writing.join();
        assertThat(appended.get()).isGreaterThan(5);
        assertThat(store.checkpointsFailed()).isZero();
    }

    /** How many batches a backup holds; every answer must be that of a store to which just these were appended. */
    private int batchesOf(Path file) {
        assertThat(verify(file).faults()).isEmpty();
        try (DuckDbStore copy = DuckDbStore.open(settings(file));
                Store plain = new InMemoryStore()) {
            long last = copy.hosts().stream()
                    .mapToLong(KnownHost::lastReportMillis)
                    .max()
                    .orElse(NOTHING_YET);
            int batches = (int) (last - NOTHING_YET);
            for (int batch = 1; batch <= batches; batch++) {
                plain.append(AppendUntilKilled.batch(batch));
            }
            assertThat(copy.hosts()).containsExactlyInAnyOrderElementsOf(plain.hosts());
            for (int from : new int[] {0, batches / 2, batches}) {
                Set<FlowTotals> expected = Set.copyOf(plain.flows(window(from, 10_000), FlowFilter.ALL));
                assertThat(Set.copyOf(copy.flows(window(from, 10_000), FlowFilter.ALL)))
                        .isEqualTo(expected);
            }
            return batches;
        }
    }

    @Test
    void backupHoldsEveryTier() {
        store.append(List.of(report(1, 5, 1, flow(1, 1), observation(0, 3))));
        int threeDays = 3 * 24 * 60;
        store.append(List.of(report(1, 5, 2, flow(1, 1), observation(threeDays, 3))));
        Instant later = window(threeDays, threeDays + 1).from();
        store.rollUp(Retention.DEFAULT, later);
        assertThat(store.kept().minutesFrom()).isGreaterThan(0);
        Path file = backup("backup");
        try (DuckDbStore copy = DuckDbStore.open(settings(file))) {
            assertThat(copy.kept()).isEqualTo(store.kept());
            assertThat(copy.flows(window(-100, 100), FlowFilter.ALL))
                    .isNotEmpty()
                    .isEqualTo(store.flows(window(-100, 100), FlowFilter.ALL));
        }
        assertThat(verify(file).tables())
                .extracting(Verification.Table::name)
                .contains("day", "process", "sealed", "host", "flow");
    }

    @Test
    void backupIsRefusedWhereItWouldBreakTheReserveAndLeavesNothing() throws IOException {
        store.append(AppendUntilKilled.batch(1));
        free.set(Files.size(folder.resolve("enishi.duckdb")));
        Path file = folder.resolve("backup");
        assertThatThrownBy(() -> store.backup(file))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining(free.get() + " bytes are free")
                .hasMessageContaining("make room");
        assertThatThrownBy(() -> store.backup(folder.resolve("nowhere/backup")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot make the backup");
        assertThat(folder.toFile().list()).allMatch(each -> each.startsWith("enishi.duckdb"));
        free.set(1L << 40);
        assertThat(batchesOf(backup("backup"))).isEqualTo(1);
    }

    @Test
    void interruptedBackupLeavesNothingAndTheNextOneIsMade() {
        store.append(AppendUntilKilled.batch(1));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> store.backup(folder.resolve("backup"))).isInstanceOf(StoreException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(folder.toFile().list()).allMatch(each -> each.startsWith("enishi.duckdb"));
        assertThat(batchesOf(backup("backup"))).isEqualTo(1);
    }

    @Test
    void aWholeStoreIsFoundWholeWithEveryRowAndLeftAsItIs() throws IOException {
        store.append(AppendUntilKilled.batch(1));
        store.append(AppendUntilKilled.batch(2));
        Path log = folder.resolve("enishi.duckdb.wal");
        Path file = Files.copy(folder.resolve("enishi.duckdb"), folder.resolve("copy"));
        Path ofLog = Files.copy(log, folder.resolve("copy.wal"));
        byte[] before = Files.readAllBytes(ofLog);
        List<Verification.Table> told = new ArrayList<>();
        Verification.Found found = DuckDbStore.verify(settings(file), told::add);
        assertThat(found.faults()).isEmpty();
        assertThat(found.tables()).isEqualTo(told);
        assertThat(told)
                .contains(new Verification.Table("flow", FLOWS, ""), new Verification.Table("host", 5, ""))
                .filteredOn(each -> each.name().startsWith("minute_"))
                .extracting(Verification.Table::rows)
                .containsExactly(2L * FLOWS);
        assertThat(Files.readAllBytes(ofLog)).isEqualTo(before);
    }

    @Test
    void everyFlippedBlockOfDataIsFoundWithItsTableAndTheFileLeftAsItIs() throws IOException {
        for (int batch = 1; batch <= 20; batch++) {
            store.append(AppendUntilKilled.batch(batch));
        }
        Path file = backup("backup");
        byte[] whole = Files.readAllBytes(file);
        int headers = 3 * 4096;
        int block = 1 << 18;
        Set<String> found = new HashSet<>();
        for (int at = headers; at < whole.length; at += block) {
            Damage.flip(file, at + 1_000);
            byte[] damaged = Files.readAllBytes(file);
            List<String> faults = faultsOf(file);
            assertThat(faults).as("faults of a file flipped at " + at).isNotEmpty();
            found.addAll(faults);
            assertThat(Arrays.equals(Files.readAllBytes(file), damaged)).isTrue();
            Damage.flip(file, at + 1_000);
        }
        assertThat(found).anyMatch(each -> each.matches("table minute_\\d+ cannot be read \\(.*checksum.*\\)"));
        assertThat(found).anyMatch(each -> each.startsWith("table flow cannot be read"));
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        assertThat(faultsOf(file)).isEmpty();
    }

    @Test
    void aDamagedStoreGivesNoBackupHoweverOftenAskedAndNothingIsLeft() throws IOException {
        for (int batch = 1; batch <= 20; batch++) {
            store.append(AppendUntilKilled.batch(batch));
        }
        store.close();
        Path own = folder.resolve("enishi.duckdb");
        int refused = 0;
        for (int at = 3 * 4096; at < Files.size(own); at += 1 << 18) {
            Damage.flip(own, at + 1_000);
            if (faultsOf(own).stream().allMatch(each -> each.startsWith("table minute_"))) {
                open();
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(() -> store.backup(folder.resolve("backup")))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("checksum");
                }
                assertThat(folder.toFile().list()).allMatch(each -> each.startsWith("enishi.duckdb"));
                store.append(AppendUntilKilled.batch(21));
                refused++;
                break;
            }
            Damage.flip(own, at + 1_000);
        }
        assertThat(refused).isEqualTo(1);
    }

    private List<String> faultsOf(Path file) {
        try {
            return verify(file).faults();
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("cannot open " + file);
            return List.of("cannot be opened");
        }
    }

    @Test
    void rowsThatReferToNothingAndTablesThatAreMissingAreFound() throws SQLException {
        store.append(AppendUntilKilled.batch(1));
        Path file = backup("backup");
        change(file, "DELETE FROM flow WHERE id = (SELECT min(id) FROM flow)");
        assertThat(verify(file).faults())
                .hasSize(1)
                .first()
                .asString()
                .matches("table minute_\\d+ names 1 of column flow that table flow does not hold");
        change(file, "DROP TABLE days_watched");
        assertThat(verify(file).faults()).anyMatch(each -> each.startsWith("table days_watched is missing"));
        change(file, "UPDATE schema_version SET version = 1");
        assertThat(verify(file).faults()).hasSize(1).first().asString().contains("version 1");
    }

    private static void change(Path file, String sql) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = other.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whatIsNoDatabaseCannotBeOpenedAndAMissingOneIsNotMade() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no database\n".repeat(10_000));
        Path empty = Files.createFile(folder.resolve("empty"));
        Path none = folder.resolve("none");
        for (Path each : List.of(text, empty, none)) {
            assertThatThrownBy(() -> verify(each))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot open " + each);
        }
        assertThat(empty).isEmptyFile();
        assertThat(none).doesNotExist();
    }
}
