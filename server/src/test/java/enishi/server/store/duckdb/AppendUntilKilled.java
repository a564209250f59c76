package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.listener;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;

import enishi.model.Coverage;
import enishi.model.ListenerSpan;
import enishi.model.Rung;
import enishi.server.store.Received;
import enishi.server.store.Reports;
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
 * opened once in the minute of the batch's number, and of each host that this minute was watched and a listener seen.
 * Meanwhile it seals whatever hour has grown, again and again.
 */
final class AppendUntilKilled {
    static final int FLOWS = 200;
    static final int HOSTS = 5;

    private AppendUntilKilled() {}

    public static void main(String[] arguments) throws IOException {
        // A small log, so that kills also fall into the folding of it.
        DuckDbSettings settings = new DuckDbSettings(
                Path.of(arguments[0]), 256, 2, 100_000, 0, () -> 1, Duration.ofSeconds(30), 1, 1 << 20, 1 << 20);
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
            int host = 1 + number % HOSTS;
            reports.add(report(host, 1, batch, flow(host, number), observation(batch, 1)));
        }
        long at = (MINUTE + batch) * 60_000;
        Coverage watched = new Coverage(MINUTE + batch, Rung.EBPF, Coverage.WHOLE_MINUTE, 1, 0, 0, 0, 0, 0);
        for (int host = 1; host <= HOSTS; host++) {
            reports.add(Reports.coverage(host, 1, batch, watched));
            reports.add(Reports.listeners(host, 1, batch, new ListenerSpan(listener(host, 80), null, at, at)));
        }
        return reports;
    }
}
