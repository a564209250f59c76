package enishi.server.ingest;

import enishi.server.store.Received;
import enishi.server.store.Store;
import enishi.server.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * The one thread that writes the store. What waits is written as one group, and each report's future completes after
 * the store has it for good: with nothing, or with the store's exception.
 */
public final class Writer implements AutoCloseable {
    private static final int WAITING_MAX = 256;
    private static final int GROUP_MAX = 64;

    private sealed interface Work {
        record One(Received report, CompletableFuture<Void> done) implements Work {}

        record End() implements Work {}
    }

    private final Store store;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;

    public Writer(Store store) {
        this.store = store;
        this.thread = Thread.ofPlatform().name("store-writer").start(this::run);
    }

    /** Puts a report into the queue. @return whether there was room */
    boolean offer(Received report, CompletableFuture<Void> done) {
        return waiting.offer(new Work.One(report, done));
    }

    private void run() {
        boolean ended = false;
        List<Work> group = new ArrayList<>();
        while (!ended) {
            group.clear();
            try {
                group.add(waiting.take());
            } catch (InterruptedException e) {
                return;
            }
            waiting.drainTo(group, GROUP_MAX - 1);
            List<Work.One> reports = group.stream()
                    .filter(Work.One.class::isInstance)
                    .map(Work.One.class::cast)
                    .toList();
            ended = reports.size() < group.size();
            if (!reports.isEmpty()) {
                append(reports);
            }
        }
    }

    private void append(List<Work.One> reports) {
        try {
            store.append(reports.stream().map(Work.One::report).toList());
            reports.forEach(each -> each.done().complete(null));
        } catch (StoreException e) {
            reports.forEach(each -> each.done().completeExceptionally(e));
        } catch (RuntimeException e) {
            StoreException failure = new StoreException("writing to the store failed: " + e, e);
            reports.forEach(each -> each.done().completeExceptionally(failure));
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        try {
            waiting.put(new Work.End());
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
