package enishi.server.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.HostId;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.InMemoryStore;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.server.store.StoreContract;
import enishi.server.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with all of the last minutes in memory; {@link DuckDbStoreTest} is without. */
final class RecentStoreTest extends StoreContract {
    @TempDir
    private Path folder = Path.of("");

    @Override
    public Store open() {
        return open(folder.resolve("enishi.duckdb"));
    }

    @Override
    public Store open(Path backup) {
        return DuckDbStore.open(settings(backup));
    }

    private static DuckDbSettings settings(Path file) {
        return DuckDbSettings.of(file).withMemory(256).withRecent(1 << 20);
    }

    /** The same, with no time for a question to the tables: what answers is memory. */
    private static DuckDbStore openWithMemoryAlone(Path file) {
        DuckDbSettings usual = settings(file);
        return DuckDbStore.open(new DuckDbSettings(
                usual.file(),
                usual.memoryMebibytes(),
                usual.threads(),
                usual.walBytesMax(),
                usual.freeBytesMin(),
                usual.freeBytes(),
                Duration.ZERO,
                usual.questionsAtOnce(),
                usual.recentBytesMax(),
                usual.flowsMax()));
    }

    @Test
    void memoryAnswersAloneAndIsFilledAgainAfterAStart() {
        RandomGenerator random = new Random(11);
        List<Received> all = new ArrayList<>();
        for (int sequence = 0; sequence < 120; sequence++) {
            all.add(Reports.random(random, sequence));
        }
        Collections.shuffle(all, new Random(12));
        Path file = folder.resolve("alone.duckdb");
        InMemoryStore expected = new InMemoryStore();
        try (DuckDbStore store = openWithMemoryAlone(file)) {
            for (int i = 0; i < 100; i++) {
                List<Received> batch = List.of(all.get(i), all.get(random.nextInt(100)));
                store.append(batch);
                expected.append(batch);
            }
            assertSame(store, expected);
        }
        try (DuckDbStore store = openWithMemoryAlone(file)) {
            assertThatThrownBy(() -> store.listeners(Reports.window(0, 4), FlowFilter.ALL))
                    .isInstanceOf(StoreException.class);
            List<Received> meanwhile = all.subList(90, 120);
            store.append(meanwhile);
            expected.append(meanwhile);
            store.rollUp(
                    new Retention(1_000_000, Long.MAX_VALUE),
                    Reports.window(0, 5).to());
            assertSame(store, expected);
        }
    }

    @Test
    void anInterruptEndsFillingMemoryAndTheNextCallGoesOn() {
        Path file = folder.resolve("interrupted.duckdb");
        Received report = Reports.random(new Random(13), 1);
        Retention all = new Retention(1_000_000, Long.MAX_VALUE);
        try (DuckDbStore store = openWithMemoryAlone(file)) {
            store.append(List.of(report));
        }
        try (DuckDbStore store = openWithMemoryAlone(file)) {
            Thread.currentThread().interrupt();
            try {
                store.rollUp(all, Reports.window(0, 5).to());
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThatThrownBy(() -> store.flows(Reports.window(0, 4), FlowFilter.ALL))
                    .isInstanceOf(StoreException.class);
            store.rollUp(all, Reports.window(0, 5).to());
            assertThat(store.flows(Reports.window(0, 4), FlowFilter.ALL)).isNotEmpty();
        }
    }

    private static void assertSame(Store store, Store expected) {
        for (Window window : List.of(Reports.window(0, 4), Reports.window(1, 3), Reports.window(3, 4))) {
            for (Set<HostId> hosts :
                    List.of(Set.<HostId>of(), Set.of(Reports.host(1).id()))) {
                FlowFilter filter = new FlowFilter(hosts, Set.of());
                assertThat(store.flows(window, filter))
                        .containsExactlyInAnyOrderElementsOf(expected.flows(window, filter));
                assertThat(store.coverage(window, hosts))
                        .containsExactlyInAnyOrderElementsOf(expected.coverage(window, hosts));
                assertThat(store.listeners(window, filter))
                        .containsExactlyInAnyOrderElementsOf(expected.listeners(window, filter));
            }
        }
    }
}
