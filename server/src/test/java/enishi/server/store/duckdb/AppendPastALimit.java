package enishi.server.store.duckdb;

import static enishi.server.store.Reports.window;

import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The child of the broken disk test. Appends under a limit on the size of its files until the kernel has refused three
 * times, has the limit lifted, appends on and counts. Arguments: the file, the largest log in bytes. Prints how often it
 * was refused, how often it reopened the file and how many batches are not whole.
 */
final class AppendPastALimit {
    private static final int REFUSALS = 3;
    private static final int AFTERWARDS = 20;

    private AppendPastALimit() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        DuckDbSettings settings = new DuckDbSettings(
                Path.of(arguments[0]),
                256,
                2,
                Long.parseLong(arguments[1]),
                0,
                () -> 1,
                Duration.ofSeconds(30),
                1,
                1 << 20,
                1 << 20);
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            limit("1500000");
            int next = 1;
            long refused = 0;
            while (refused + store.checkpointsFailed() < REFUSALS) {
                try {
                    store.append(AppendUntilKilled.batch(next));
                    next++;
                } catch (StoreException e) {
                    refused++;
                }
            }
            limit("unlimited");
            for (int last = next + AFTERWARDS; next < last; next++) {
                store.append(AppendUntilKilled.batch(next));
            }
            System.out.println("refused=" + (refused + store.checkpointsFailed()) + " reopened="
                    + (store.reopened() > 0) + " notWhole=" + notWhole(store, next));
        }
    }

    /** The soft limit alone, which a process may raise again. */
    private static void limit(String bytes) throws IOException, InterruptedException {
        String self = Long.toString(ProcessHandle.current().pid());
        int code = new ProcessBuilder("prlimit", "--fsize=" + bytes + ":unlimited", "--pid", self)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("prlimit ended with " + code);
        }
    }

    private static int notWhole(DuckDbStore store, int end) {
        int count = 0;
        for (int batch = 1; batch < end; batch++) {
            long opened = store.flows(window(batch, batch + 1), FlowFilter.ALL).stream()
                    .mapToLong(FlowTotals::opened)
                    .sum();
            count += opened == AppendUntilKilled.FLOWS ? 0 : 1;
        }
        return count;
    }
}
