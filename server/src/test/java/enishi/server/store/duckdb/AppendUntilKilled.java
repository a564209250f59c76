package enishi.server.store.duckdb;

import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;

import enishi.server.store.Received;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The child of the kill test: appends batch after batch and prints the number of each after it was acknowledged.
 * Arguments: the file, the first batch's number, the last one's. A batch holds as many flows as {@link #FLOWS}, each
 * opened once in the minute of the batch's number.
 */
final class AppendUntilKilled {
    static final int FLOWS = 200;

    private AppendUntilKilled() {}

    public static void main(String[] arguments) throws IOException {
        // A small log, so that kills also fall into the folding of it.
        DuckDbSettings settings =
                new DuckDbSettings(Path.of(arguments[0]), 256, 2, 100_000, 0, () -> 1, Duration.ofSeconds(30), 1);
        int last = Integer.parseInt(arguments[2]);
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            for (int batch = Integer.parseInt(arguments[1]); batch <= last; batch++) {
                store.append(batch(batch));
                System.out.println(batch);
            }
            System.out.flush();
            if (last == Integer.MAX_VALUE) {
                throw new IOException("nobody killed this process");
            }
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
