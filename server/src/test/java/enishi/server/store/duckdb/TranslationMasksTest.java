package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.coverage;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Rung;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.Transport;
import enishi.server.store.KnownTranslation;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translations of a time whose minute rows are dropped. */
class TranslationMasksTest {
    private static final Translation TRANSLATION = new Translation(
            Reports.host(1).id(),
            0,
            Transport.TCP,
            Address.parse("10.0.0.9"),
            Address.parse("10.0.0.1"),
            80,
            Address.parse("10.0.0.2"),
            80,
            Address.parse("10.0.0.9"));

    /** The first minute of a day. */
    private static final int DAWN = (int) (Math.ceilDiv(MINUTE, 1_440L) * 1_440L - MINUTE);

    @TempDir
    private Path folder = Path.of("");

    private static Received told(long incarnation, long sequence, int minute, long connections) {
        long at = (MINUTE + minute) * 60_000;
        return Reports.translated(
                1,
                incarnation,
                sequence,
                TRANSLATION,
                new TranslationMinute(MINUTE + minute, connections, 1, at, at + 5_000));
    }

    private static Received watched(long sequence, int minute) {
        return coverage(
                1, 5, sequence, new Coverage(MINUTE + minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 1, 0, 0, 0, 0, 0));
    }

    private static KnownTranslation known(int first, int last) {
        return new KnownTranslation(TRANSLATION, MINUTE + first, MINUTE + last);
    }

    private static void rollUp(DuckDbStore store, int minute) {
        store.rollUp(Retention.DEFAULT, Instant.ofEpochSecond((MINUTE + minute) * 60));
    }

    @Test
    void aDayBecomesOneRowThatIsStillFoundAndCountsNothingTwice() throws SQLException {
        Path file = folder.resolve("enishi.duckdb");
        int later = DAWN + 5 * 1_440;
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            store.append(List.of(
                    told(5, 1, DAWN + 10, 1),
                    told(5, 2, DAWN + 10, 2),
                    told(6, 1, DAWN + 10, 4),
                    told(5, 3, DAWN + 700, 8),
                    watched(4, DAWN + 10),
                    watched(5, DAWN + 700)));
            store.append(List.of(told(5, 6, later, 16), watched(7, later)));
            rollUp(store, later + 60);
            rollUp(store, later + 61);
            assertThat(store.translations(window(DAWN + 60, DAWN + 660))).isEmpty();
            assertThat(store.translations(window(DAWN + 60, DAWN + 661)))
                    .containsExactly(known(DAWN + 660, DAWN + 719));
            assertThat(store.translations(window(DAWN + 59, DAWN + 60))).containsExactly(known(DAWN, DAWN + 59));
            assertThat(store.translations(window(DAWN - 1_440, DAWN + 2 * 1_440)))
                    .containsExactly(known(DAWN, DAWN + 719));
            assertThat(store.translations(window(DAWN + 800, DAWN + 801))).isEmpty();
            long tooLate = store.tooLate();
            store.append(List.of(told(5, 8, DAWN + 20, 100)));
            assertThat(store.tooLate()).isEqualTo(tooLate + 1);
            assertThat(store.translations(window(DAWN, later + 1))).containsExactly(known(DAWN, later));
        }
        assertThat(StoreRows.count(file, "translation")).isEqualTo(2);
        assertThat(DuckDbStore.verify(DuckDbSettings.of(file), each -> {}).faults())
                .isEmpty();
    }

    /** An hour that is over is one row, exact to the minute, also after what comes late or again. */
    @Test
    void anHourIsOneRowAndExactToTheMinute() throws SQLException {
        Path file = folder.resolve("enishi.duckdb");
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            store.append(List.of(told(5, 1, DAWN, 1), told(5, 2, DAWN + 7, 1), told(5, 3, DAWN + 59, 1)));
            rollUp(store, DAWN + 59);
        }
        assertThat(StoreRows.count(file, "translation")).isEqualTo(3);
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            rollUp(store, DAWN + 60);
        }
        assertThat(StoreRows.count(file, "translation")).isEqualTo(1);
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            store.append(List.of(told(5, 2, DAWN + 7, 1), told(5, 4, DAWN + 30, 1), told(5, 5, DAWN + 60, 1)));
            assertThat(store.translations(window(DAWN + 8, DAWN + 40))).containsExactly(known(DAWN + 30, DAWN + 30));
            rollUp(store, DAWN + 61);
            for (int minute = 0; minute <= 60; minute++) {
                boolean there = List.of(0, 7, 30, 59, 60).contains(minute);
                assertThat(store.translations(window(DAWN + minute, DAWN + minute + 1)))
                        .as("minute " + minute)
                        .hasSize(there ? 1 : 0);
            }
        }
        assertThat(StoreRows.count(file, "translation")).isEqualTo(2);
    }

    /** Whatever of a day is folded, each hour is found in which there was any, and no other of the day. */
    @Test
    void aDayFoldedHourByHourKeepsItsHours() throws SQLException {
        Path file = folder.resolve("enishi.duckdb");
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            for (int hour : List.of(0, 1, 13, 23)) {
                int minute = DAWN + hour * 60 + 59;
                store.append(List.of(told(5, 2 * hour + 1, minute, 1), watched(2 * hour + 2, minute)));
            }
            for (int hour = 40; hour < 80; hour++) {
                int minute = DAWN + hour * 60;
                store.append(List.of(watched(2 * hour + 2, minute)));
                rollUp(store, minute + 65);
            }
            List<Integer> found = IntStream.range(0, 24)
                    .filter(hour -> !store.translations(window(DAWN + hour * 60, DAWN + hour * 60 + 60))
                            .isEmpty())
                    .boxed()
                    .toList();
            assertThat(found).containsExactly(0, 1, 13, 23);
            assertThat(store.translations(window(DAWN, DAWN + 1_440))).containsExactly(known(DAWN, DAWN + 1_439));
        }
        assertThat(StoreRows.count(file, "translation")).isEqualTo(1);
    }

    @Test
    void aStoreOfVersion5GetsItsTable() throws SQLException {
        Path file = folder.resolve("enishi.duckdb");
        DuckDbStore.open(DuckDbSettings.of(file)).close();
        MigrationTest.change(
                file,
                "DROP TABLE translation; ALTER TABLE flow RENAME COLUMN name TO socket;"
                        + " UPDATE schema_version SET version = 5");
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            assertThat(store.translations(window(0, 9))).isEmpty();
            store.append(List.of(told(5, 1, 1, 3)));
            assertThat(store.translations(window(0, 9))).containsExactly(known(1, 1));
        }
        try (DuckDbStore again = DuckDbStore.open(DuckDbSettings.of(file))) {
            assertThat(again.translations(window(0, 9))).hasSize(1);
        }
    }
}
