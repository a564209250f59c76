package enishi.server.store;

import java.nio.file.Path;

final class InMemoryStoreTest extends StoreContract {
    @Override
    protected Store open() {
        return new InMemoryStore();
    }

    @Override
    protected Store open(Path backup) throws Exception {
        return InMemoryStore.of(backup);
    }
}
