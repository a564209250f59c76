package enishi.server.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.server.store.FlowFilter;
import enishi.server.store.Reports;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past is filled in while the writer, for want of room, forgets some of what is newer. */
final class RefillRaceTest {
    /** A lock that the writer got first: its commit left no room for what came before a minute. */
    private static final class Contended extends ReentrantLock {
        private final transient Known known;
        private final long forgotten;

        Contended(Known known, long forgotten) {
            this.known = known;
            this.forgotten = forgotten;
        }

        @Override
        public void lock() {
            super.lock();
            if (known.recent().wholeFrom() == Reports.MINUTE + 10) {
                known.recent().dropBefore(forgotten);
            }
        }
    }

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatWasForgottenMeanwhileIsNotCalledWhole() throws SQLException {
        Path file = folder.resolve("race.duckdb");
        DuckDbSettings settings = DuckDbSettings.of(file).withMemory(256).withRecent(1 << 20);
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            for (int minute = 0; minute < 40; minute++) {
                store.append(
                        List.of(Reports.report(1, 5, minute + 1, Reports.flow(1, 1), Reports.observation(minute, 1))));
            }
        }
        try (Connection own = DriverManager.getConnection("jdbc:duckdb:" + file, Database.properties(settings))) {
            Known known = Known.load(own, 1 << 20);
            long forgotten = Reports.MINUTE + 30;
            new Refill(own, known, new Contended(known, forgotten)).run();
            long from = Math.max(known.recent().wholeFrom(), Reports.MINUTE);
            assertThat(known.recent().flows(from, Reports.MINUTE + 39, FlowFilter.ALL))
                    .as("whole from minute " + (known.recent().wholeFrom() - Reports.MINUTE))
                    .singleElement()
                    .matches(each -> each.opened() == Reports.MINUTE + 40 - from);
        }
    }
}
