package enishi.lab.fleet;

import enishi.lab.fleet.Activity.Mix;
import enishi.server.store.Received;
import enishi.server.store.Retention;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a server's state folder with the history of a fleet up to now: whole hours folded, the last minutes reported.
 * Prints what it took and what each tier takes on disk. {@code lab/bench/questions} runs it, then asks.
 */
public final class FleetHistory {
    private static final int GROUP = 64;
    private static final int MEMORY_MIB = 1_024;
    private final Fleet fleet;
    private final DuckDbStore store;
    private final long now = Instant.now().getEpochSecond() / 60;

    private FleetHistory(Fleet fleet, DuckDbStore store) {
        this.fleet = fleet;
        this.store = store;
    }

    /** FOLDER, HOSTS, DEPENDENCIES of each, DAYS, MIX and how many of the last MINUTES are reported. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Fleet fleet = new Fleet(new Fleet.Size(
                Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Mix.valueOf(arguments[4]), 1));
        Path file = folder.resolve("enishi.duckdb");
        try (DuckDbStore store =
                DuckDbStore.open(DuckDbSettings.of(file).withMemory(MEMORY_MIB).withRecent(0))) {
            new FleetHistory(fleet, store).make(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[5]));
        }
        sizes(file);
    }

    private void make(int days, int minutes) {
        long firstReported = (now - minutes) / 60 * 60;
        long end = firstReported / 60;
        long first = end - days * 24L;
        long begun = System.nanoTime();
        long presence = 0;
        FleetReports reports = new FleetReports(fleet);
        for (int host = 0; host < fleet.size().hosts(); host++) {
            store.append(List.of(new Received(reports.ofListeners(host, first * 60, now), first * 3_600_000)));
        }
        FleetHours hours = new FleetHours(fleet);
        for (long hour = first; hour < end; hour++) {
            store.putHour(hour, hours.of(hour));
            for (int dependency = 0; dependency < fleet.size().all(); dependency++) {
                presence += Long.bitCount(fleet.minutes(dependency, hour));
            }
        }
        print("hours folded elsewhere", begun);
        begun = System.nanoTime();
        coverage(reports, first, end);
        print("coverage of them", begun);
        begun = System.nanoTime();
        store.rollUp(Retention.DEFAULT, Instant.ofEpochSecond(firstReported * 60));
        print("rolled up", begun);
        begun = System.nanoTime();
        report(reports, firstReported);
        print("last minutes reported", begun);
        System.out.println("minutes of presence in whole hours: " + presence);
    }

    private void coverage(FleetReports reports, long first, long end) {
        List<Received> group = new ArrayList<>();
        for (long hour = first; hour < end; hour++) {
            for (int host = 0; host < fleet.size().hosts(); host++) {
                group.add(new Received(reports.ofCoverage(host, hour), hour * 3_600_000 + 3_600_000));
                if (group.size() == 10 * GROUP) {
                    store.append(group);
                    group.clear();
                }
            }
        }
        store.append(group);
    }

    private void report(FleetReports reports, long first) {
        for (long minute = first; minute <= now; minute++) {
            List<Received> group = new ArrayList<>();
            for (int host = 0; host < fleet.size().hosts(); host++) {
                group.add(new Received(reports.of(host, minute), minute * 60_000 + 60_000));
                if (group.size() == GROUP || host == fleet.size().hosts() - 1) {
                    store.append(group);
                    group.clear();
                }
            }
        }
    }

    private static void print(String what, long begun) {
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - begun) / 1e9);
    }

    /** Rows and bytes by the kind of table; a file does not shrink by itself, so a copy of it is measured. */
    private static void sizes(Path file) throws IOException, SQLException {
        Path copy = file.resolveSibling("copy.duckdb");
        Files.deleteIfExists(copy);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("ATTACH '" + file + "' AS one (READ_ONLY)");
            statement.execute("ATTACH '" + copy + "' AS other");
            statement.execute("COPY FROM DATABASE one TO other");
            statement.execute("USE other");
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'other' ORDER BY 1")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery(
                        "SELECT (SELECT count(*) FROM " + table + "), (SELECT count(DISTINCT block_id) * 262144 FROM"
                                + " pragma_storage_info('" + table + "') WHERE block_id >= 0)")) {
                    rows.next();
                    if (rows.getLong(1) > 1_000) {
                        System.out.printf("%s: %d rows, about %d bytes%n", table, rows.getLong(1), rows.getLong(2));
                    }
                }
            }
        }
        System.out.println("file without holes: " + Files.size(copy) + " bytes");
        Files.delete(copy);
    }
}
