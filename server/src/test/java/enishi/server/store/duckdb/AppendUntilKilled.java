package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;

import enishi.server.store.Received;
import enishi.server.store.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The child of the kill test: appends batch after batch and prints the number of each after it was acknowledged.
 * Arguments: the file, the first batch's number, the last one's. A batch holds as many flows as {@link #FLOWS}, each
 * opened once in the minute of the batch's number. Meanwhile it seals whatever hour has grown, again and again.
 */
final class AppendUntilKilled {
    static final int FLOWS = 200;

    private AppendUntilKilled() {}

    public static void main(String[] arguments) throws IOException {
        // A small log, so that kills also fall into the folding of it.
        DuckDbSettings settings = new DuckDbSettings(
                Path.of(arguments[0]), 256, 2, 100_000, 0, () -> 1, Duration.ofSeconds(30), 1, 1 << 20);
        int last = Integer.parseInt(arguments[2]);
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            Thread sealing = Thread.ofPlatform().daemon().start(() -> seal(store));
            for (int batch = Integer.parseInt(arguments[1]); batch <= last; batch++) {
                store.append(batch(batch));
                System.out.println(batch);
            }
            System.out.flush();
            if (last == Integer.MAX_VALUE) {
                throw new IOException("nobody killed this process");
            }
            sealing.interrupt();
            sealing.join();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static void seal(DuckDbStore store) {
        Retention all = new Retention(1_000_000, Long.MAX_VALUE);
        while (!Thread.interrupted()) {
            store.rollUp(all, Instant.ofEpochSecond((MINUTE + 1_000_000) * 60));
        }
    }

    static List<Received> batch(int batch) {
        List<Received> reports = new ArrayList<>();
        for (int number = 0; number < FLOWS; number++) {
            reports.add(report(1 + number % 5, 1, batch, flow(1 + number % 5, number), observation(batch, 1)));
        }
        return reports;
    }
}
