package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.listener;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import enishi.model.Coverage;
import enishi.model.ProcessId;
import enishi.model.Rung;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.KnownListener;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import enishi.server.store.StoreException;
import enishi.server.store.duckdb.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that an older server left is opened by this one, and answers as it did. */
final class MigrationTest {
    private static final int DAWN = (int) (Math.ceilDiv(MINUTE, 1_440L) * 1_440L - MINUTE);
    private static final int LATER = DAWN + 4 * 1_440;
    private static final Window THAT_HOUR = window(DAWN + 600, DAWN + 660);

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void aStoreOfVersion3() throws IOException, SQLException {
        file = folder.resolve("enishi.duckdb");
        makeVersion3(file);
    }

    /** A small store as version 3 left it. */
    static void makeVersion3(Path file) throws IOException, SQLException {
        try (InputStream sql = MigrationTest.class.getResourceAsStream("version-3.sql")) {
            change(file, new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void change(String sql) throws SQLException {
        change(file, sql);
    }

    static void change(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private DuckDbStore open() {
        return DuckDbStore.open(DuckDbSettings.of(file));
    }

    private List<String> faults() {
        return DuckDbStore.verify(DuckDbSettings.of(file), each -> {}).faults();
    }

    @Test
    void everyAnswerIsThere() {
        try (DuckDbStore store = open()) {
            assertSame(store);
            assertThat(store.coverage(window(DAWN + 619, DAWN + 620)))
                    .containsExactly(new HostCoverage(
                            Reports.host(1).id(),
                            1,
                            new Coverage(
                                    MINUTE + DAWN + 619,
                                    Rung.PROC,
                                    Coverage.WHOLE_MINUTE,
                                    110,
                                    112,
                                    114,
                                    116,
                                    118,
                                    120),
                            null));
            store.append(List.of(report(1, 6, 3, flow(1, 1), observation(LATER + 29, 5))));
            store.append(List.of(report(1, 6, 4, flow(1, 6), observation(LATER + 28, 5))));
            assertThat(store.flows(window(LATER + 28, LATER + 29), FlowFilter.ALL))
                    .extracting(each -> each.flow().name())
                    .contains("/run/s6");
            store.append(List.of(Reports.coverage(2, 9, 4, minute(LATER + 1))));
            Instant now = Instant.ofEpochSecond((MINUTE + LATER + 30) * 60);
            store.rollUp(Retention.DEFAULT, now);
            assertSame(store);
            assertThat(store.kept().minutesFrom()).isEqualTo(MINUTE + DAWN + 660 + 60);
            assertThat(store.coverage(window(LATER, LATER + 60)))
                    .extracting(each -> each.coverage().seen())
                    .containsExactly(2L + 9);
        }
        assertThat(faults()).isEmpty();
        assertThat(StoreRows.tables(file, "coverage_")).isEqualTo(1);
        assertThat(StoreRows.count(file, "listener")).isEqualTo(3);
    }

    private static Coverage minute(int minute) {
        return new Coverage(MINUTE + minute, Rung.SOCK_DIAG, Coverage.WHOLE_MINUTE, 9, 0, 0, 0, 0, 0);
    }

    /** What version 3 answered about the hour whose minute rows it had dropped, and about its last. */
    private static void assertSame(DuckDbStore store) {
        List<FlowTotals> flows = store.flows(THAT_HOUR, FlowFilter.ALL);
        assertThat(flows).extracting(FlowTotals::flow).containsExactly(flow(1, 1));
        assertThat(flows.getFirst().opened()).isEqualTo(7);
        assertThat(store.flows(window(LATER, LATER + 1), FlowFilter.ALL))
                .extracting(FlowTotals::opened)
                .containsExactly(7L);
        assertThat(store.coverage(THAT_HOUR))
                .extracting(
                        each -> each.coverage().minute() - MINUTE - DAWN,
                        HostCoverage::minutes,
                        each -> each.coverage().rung())
                .containsExactlyInAnyOrder(
                        tuple(617L, 2L, Rung.EBPF), tuple(619L, 1L, Rung.PROC), tuple(659L, 1L, Rung.EBPF));
        List<KnownListener> listeners = store.listeners(window(DAWN, DAWN + 1), FlowFilter.ALL);
        assertThat(listeners).hasSize(2);
        KnownListener web = listeners.stream()
                .filter(each -> each.listener().equals(listener(1, 80)))
                .findFirst()
                .orElseThrow();
        assertThat(web.processes()).containsExactly(new ProcessId(2, 2));
        assertThat(web.lastSeenMillis()).isEqualTo((MINUTE + DAWN) * 60_000 + 130_000);
        assertThat(store.hosts()).hasSize(2);
    }

    @Test
    void itsTablesAreThenThoseOfANewStore() throws SQLException {
        open().close();
        Path fresh = folder.resolve("fresh");
        DuckDbStore.open(DuckDbSettings.of(fresh)).close();
        String of = "SELECT table_name, column_name, column_index, data_type FROM duckdb_columns() WHERE NOT internal"
                + " AND NOT regexp_matches(table_name, '\\d$|^unlike$') AND database_name = ";
        change("ATTACH '" + fresh + "' AS fresh; CREATE TABLE unlike AS (" + of + "'enishi' EXCEPT ALL " + of
                + "'fresh') UNION ALL (" + of + "'fresh' EXCEPT ALL " + of + "'enishi')");
        assertThat(StoreRows.count(file, "unlike")).isZero();
        assertThat(StoreRows.number(file, "SELECT version FROM schema_version")).isEqualTo(Schema.VERSION);
    }

    /** So a backup that an older server made can be verified and restored. */
    @Test
    void itIsVerifiedAsItIs() throws SQLException {
        assertThat(faults()).isEmpty();
        assertThat(StoreRows.number(file, "SELECT version FROM schema_version")).isEqualTo(3);
        change("DELETE FROM flow");
        assertThat(faults()).isNotEmpty().allMatch(each -> each.contains("column flow that table flow does not hold"));
    }

    @Test
    void aStepThatFailsLeavesTheVersionBefore() throws SQLException {
        change("CREATE TABLE coverage_483432(in_the_way INTEGER)");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("coverage_483432")
                .hasMessageContaining("nothing was changed");
        assertThat(StoreRows.number(file, "SELECT version FROM schema_version")).isEqualTo(3);
        assertThat(StoreRows.count(file, "coverage")).isEqualTo(9);
        assertThat(StoreRows.tables(file, "hours_watched")).isZero();
        change("DROP TABLE coverage_483432");
        try (DuckDbStore store = open()) {
            assertSame(store);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, Schema.VERSION + 1})
    void aVersionWithoutAStepIsRefusedAndLeftAsItIs(long version) throws SQLException {
        change("UPDATE schema_version SET version = " + version);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        "its tables have version " + version + ", this server knows those from 3 to " + Schema.VERSION);
        assertThat(faults()).hasSize(1).first().asString().contains("version " + version);
        assertThat(StoreRows.number(file, "SELECT version FROM schema_version")).isEqualTo(version);
    }
}
