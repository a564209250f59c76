package enishi.server.store;

import java.nio.file.Path;

final class InMemoryStoreTest extends StoreContract {
    @Override
    protected Store open() {
        return new InMemoryStore();
    }

    @Override
    public Store open(Path backup) throws Exception {
        return InMemoryStore.of(backup);
    }
}
