package enishi.server.store.duckdb;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.window;

import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.store.FlowFilter;
import enishi.server.store.Received;
import enishi.server.store.Reports;
import enishi.server.store.Retention;
import enishi.server.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * What appending, asking and rolling up cost. Arguments: a folder, hosts, flows of each, minutes, and if need be the
 * engine's memory in MiB; a folder filled before is only asked. Prints rows per second through the store and through a bare appender of six numbers in one transaction
 * a minute, then bytes a row, milliseconds a question about all those minutes, milliseconds to roll them up, the same
 * questions again, and bytes for each minute of presence once the minute rows are dropped.
 */
final class StoreCost {
    private static final int REPORTS_A_BATCH = 100;

    /** The first minute of an hour. */
    private static final int FIRST = (int) (Math.ceilDiv(MINUTE, 60L) * 60 - MINUTE);

    private StoreCost() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int hosts = Integer.parseInt(arguments[1]);
        int flows = Integer.parseInt(arguments[2]);
        int minutes = Integer.parseInt(arguments[3]);
        Path file = folder.resolve("store.duckdb");
        DuckDbSettings settings =
                DuckDbSettings.of(file).withMemory(arguments.length > 4 ? Integer.parseInt(arguments[4]) : 512);
        if (Files.notExists(file)) {
            append(settings, new int[] {hosts, flows, minutes});
        }
        long start = System.nanoTime();
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            print("open, ms", (System.nanoTime() - start) / 1_000_000);
            askAll(store, hosts, minutes);
            Instant now = Instant.ofEpochSecond((MINUTE + FIRST + minutes) * 60);
            start = System.nanoTime();
            store.rollUp(new Retention(1_000_000, Long.MAX_VALUE), now);
            print("roll up, ms", (System.nanoTime() - start) / 1_000_000);
            askAll(store, hosts, minutes);
            store.append(List.of(report(new Random(2), 0, 1, minutes + 3 * 1_440)));
            store.rollUp(Retention.DEFAULT, now.plus(Duration.ofDays(3)));
        }
        copied(file, folder.resolve("dropped.duckdb"));
        System.out.printf(
                "bytes a minute of presence: %.2f%n",
                Files.size(folder.resolve("dropped.duckdb")) / ((double) hosts * flows * minutes));
    }

    /** A file does not shrink when rows are dropped: what it would be without its holes. */
    private static void copied(Path file, Path to) throws IOException, SQLException {
        Files.deleteIfExists(to);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("ATTACH '" + file + "' AS one (READ_ONLY)");
            statement.execute("ATTACH '" + to + "' AS other");
            statement.execute("COPY FROM DATABASE one TO other");
        }
    }

    private static void askAll(DuckDbStore store, int hosts, int minutes) {
        HostId one = Reports.host(hosts / 2).id();
        Address remote = Address.ofV4(0x0b000007);
        for (int i = 0; i < 3; i++) {
            ask(store, minutes, "one host", new FlowFilter(Set.of(one), Set.of()));
            ask(store, minutes, "one address", new FlowFilter(Set.of(), Set.of(remote)));
            ask(store, minutes, "all", FlowFilter.ALL);
        }
    }

    private static void append(DuckDbSettings settings, int[] size) throws IOException, SQLException {
        long rows = (long) size[0] * size[1] * size[2];
        Path file = settings.file();
        long start = System.nanoTime();
        bare(file.resolveSibling("bare.duckdb"), size[0] * size[1], size[2]);
        print("bare appender, rows/s", rows * 1_000_000_000 / (System.nanoTime() - start));
        try (DuckDbStore store = DuckDbStore.open(settings)) {
            print("store, rows/s", rows * 1_000_000_000 / fill(store, size[0], size[1], size[2]));
        }
        print("bytes a row", Files.size(file) / rows);
    }

    private static void ask(DuckDbStore store, int minutes, String what, FlowFilter filter) {
        long start = System.nanoTime();
        try {
            int flows = store.flows(window(FIRST, FIRST + minutes), filter).size();
            print(what + ", " + flows + " flows, ms", (System.nanoTime() - start) / 1_000_000);
        } catch (StoreException e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }

    /** Nanoseconds within append alone. */
    private static long fill(DuckDbStore store, int hosts, int flows, int minutes) {
        Random random = new Random(1);
        long nanos = 0;
        for (int minute = 0; minute < minutes; minute++) {
            List<Received> batch = new ArrayList<>();
            for (int host = 0; host < hosts; host++) {
                batch.add(report(random, host, flows, minute));
                if (batch.size() == REPORTS_A_BATCH || host == hosts - 1) {
                    long start = System.nanoTime();
                    store.append(batch);
                    nanos += System.nanoTime() - start;
                    batch.clear();
                }
            }
        }
        return nanos;
    }

    private static Received report(Random random, int host, int flows, int minute) {
        List<FlowObservations> all = new ArrayList<>();
        long at = (MINUTE + FIRST + minute) * 60_000;
        for (int number = 0; number < flows; number++) {
            int program = number % 30;
            Flow flow = new Flow(
                    Reports.host(host).id(),
                    0,
                    new Program("p" + program, "p" + program + ".service", null),
                    number % 2 == 0 ? Role.SERVER : Role.CLIENT,
                    Address.ofV4(0x0a000000 + host),
                    Address.ofV4(0x0b000000 + (host * 31 + number) % 10_000),
                    1000 + program,
                    Transport.TCP);
            long opened = number % 4 == 0 ? random.nextInt(1000) : 0;
            all.add(new FlowObservations(
                    flow,
                    List.of(new Observation(
                            MINUTE + FIRST + minute,
                            opened,
                            opened,
                            0,
                            1 + number % 7,
                            new Traffic(opened * 300, opened * 2_000),
                            200 + random.nextInt(300),
                            0,
                            at,
                            at + 59_000,
                            Set.of(Evidence.LISTENER),
                            List.of(new ProcessId(1_000 + program, 50_000 + program * 77)),
                            0))));
        }
        return new Received(new Report(Reports.host(host), 5, minute + 1, at, all, List.of(), List.of()), at + 60_000);
    }

    private static void bare(Path file, int rows, int minutes) throws SQLException {
        try (DuckDBConnection to = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = to.createStatement()) {
            statement.execute("CREATE TABLE t(a BIGINT, b BIGINT, c BIGINT, d BIGINT, e BIGINT, f BIGINT)");
            for (int minute = 0; minute < minutes; minute++) {
                statement.execute("BEGIN TRANSACTION");
                try (DuckDBAppender appender = to.createAppender("t")) {
                    for (long row = 0; row < rows; row++) {
                        appender.beginRow().append(row * 0x9E3779B97F4A7C15L).append(MINUTE + minute);
                        appender.append(row % 7)
                                .append(row % 11)
                                .append(row)
                                .append(5L)
                                .endRow();
                    }
                }
                statement.execute("COMMIT");
            }
        }
    }

    private static void print(String what, long figure) {
        System.out.println(what + ": " + figure);
    }
}
