package enishi.server.store.duckdb;

import enishi.server.store.Store;
import enishi.server.store.StoreContract;
import java.nio.file.Path;
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
        return DuckDbStore.open(DuckDbSettings.of(backup).withMemory(256).withRecent(1 << 20));
    }
}
