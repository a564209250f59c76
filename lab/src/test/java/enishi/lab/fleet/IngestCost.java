package enishi.lab.fleet;

import enishi.lab.fleet.Activity.Mix;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Traffic;
import enishi.server.store.Received;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Durable ingest through the store beside a bare appender of the engine that writes the same values into a table of
 * the same columns, one transaction a group of reports for both, in rounds that take turns. {@code lab/bench/ingest}
 * runs it.
 */
public final class IngestCost {
    private static final int GROUP = 64;
    private static final long FIRST_MINUTE = 29_000_040;

    private IngestCost() {}

    /** FOLDER, HOSTS, DEPENDENCIES of each and ROUNDS of a minute each. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path folder = Path.of(arguments[0]);
        Fleet fleet = new Fleet(
                new Fleet.Size(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Mix.ALWAYS_ON, 1));
        int rounds = Integer.parseInt(arguments[3]);
        FleetReports reports = new FleetReports(fleet);
        double[] ratios = new double[rounds];
        double[] stored = new double[rounds];
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(folder.resolve("store.duckdb")));
                Bare bare = new Bare(folder.resolve("bare.duckdb"))) {
            for (int round = -1; round < rounds; round++) {
                List<List<Received>> groups = groups(fleet, reports, FIRST_MINUTE + round);
                long rows = groups.stream()
                        .flatMap(List::stream)
                        .mapToLong(IngestCost::rows)
                        .sum();
                double ours = rows / seconds(() -> groups.forEach(store::append));
                double bares = rows / seconds(() -> bare.append(groups));
                System.out.printf(
                        "%8d rows: store %7.0f rows/s, bare appender %7.0f rows/s, ratio %.2f%s%n",
                        rows, ours, bares, ours / bares, round < 0 ? " (first, new flows: left out)" : "");
                if (round >= 0) {
                    ratios[round] = ours / bares;
                    stored[round] = ours;
                }
            }
        }
        Arrays.sort(ratios);
        Arrays.sort(stored);
        System.out.printf(
                "store: median %.0f rows/s; of the bare appender: median %.2f [%.2f, %.2f]%n",
                stored[rounds / 2], ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
        System.out.printf(
                "bytes a row: store %.1f, bare %.1f%n",
                Files.size(folder.resolve("store.duckdb"))
                        / (double) (fleet.size().all() * 2L * (rounds + 1)),
                Files.size(folder.resolve("bare.duckdb"))
                        / (double) (fleet.size().all() * 2L * (rounds + 1)));
    }

    static long rows(Received received) {
        return received.report().flows().size();
    }

    static double seconds(Runnable what) {
        long begun = System.nanoTime();
        what.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** What all hosts report of a minute, in the groups in which a busy server writes them. */
    static List<List<Received>> groups(Fleet fleet, FleetReports reports, long minute) {
        List<List<Received>> groups = new ArrayList<>();
        List<Received> group = new ArrayList<>();
        for (int host = 0; host < fleet.size().hosts(); host++) {
            Report report = reports.of(host, minute);
            group.add(new Received(report, report.sentAtMillis()));
            if (group.size() == GROUP || host == fleet.size().hosts() - 1) {
                groups.add(List.copyOf(group));
                group.clear();
            }
        }
        return groups;
    }

    /** The engine as bare as it comes: no dictionary, no look-up, no thought for what was kept before. */
    private static final class Bare implements AutoCloseable {
        private final DuckDBConnection to;

        Bare(Path file) throws SQLException {
            to = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file);
            try (Statement statement = to.createStatement()) {
                statement.execute("SET checkpoint_threshold = '1TB'");
                statement.execute("CREATE TABLE t(host INTEGER, flow BIGINT, minute BIGINT,"
                        + " incarnation BIGINT, sequence BIGINT, opened BIGINT, closed BIGINT, failed BIGINT,"
                        + " active BIGINT, client_bytes BIGINT, server_bytes BIGINT, rtt_micros INTEGER,"
                        + " retransmits BIGINT, first_seen BIGINT, last_seen BIGINT, evidence SMALLINT,"
                        + " pids INTEGER[], starts BIGINT[], more_processes BIGINT)");
            }
        }

        void append(List<List<Received>> groups) {
            try (Statement statement = to.createStatement()) {
                for (List<Received> group : groups) {
                    statement.execute("BEGIN TRANSACTION");
                    try (DuckDBAppender appender = to.createAppender("t")) {
                        for (Received each : group) {
                            rows(appender, each.report());
                        }
                    }
                    statement.execute("COMMIT");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void rows(DuckDBAppender to, Report report) throws SQLException {
            long flow = report.host().id().low() << 32;
            for (FlowObservations each : report.flows()) {
                Observation seen = each.observations().getFirst();
                ProcessId process = seen.processes().getFirst();
                Traffic traffic = seen.traffic();
                to.beginRow().append((int) report.host().id().low()).append(++flow * 0x9E3779B97F4A7C15L);
                to.append(seen.minute()).append(report.incarnation()).append(report.sequence());
                to.append(seen.opened())
                        .append(seen.closed())
                        .append(seen.failed())
                        .append(seen.active());
                to.append(traffic == null ? 0 : traffic.clientBytes())
                        .append(traffic == null ? 0 : traffic.serverBytes());
                to.append(seen.rttMicros()).append(seen.retransmits());
                to.append(seen.firstSeenMillis()).append(seen.lastSeenMillis()).append((short) 1);
                to.append(new int[] {process.pid()})
                        .append(new long[] {process.startTicks()})
                        .append(0L);
                to.endRow();
            }
        }

        @Override
        public void close() throws SQLException {
            to.close();
        }
    }
}
