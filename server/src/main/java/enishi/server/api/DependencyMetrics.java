package enishi.server.api;

import enishi.answer.Dependency;
import enishi.model.Coverage;
import enishi.model.Window;
import enishi.server.graph.Joined;
import enishi.server.graph.Level;
import enishi.server.graph.Networks;
import enishi.server.store.HostCoverage;
import enishi.server.store.Store;
import enishi.server.store.TooManyFlowsException;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies of the last five minutes and the agents' coverage as Prometheus metrics. They are sums over that window,
 * so they are gauges: no counter of ours grows for ever. No pid, ephemeral port or raw client address is a label, so
 * what differs in these alone is one series; the unknown is an empty label.
 */
public final class DependencyMetrics implements MultiCollector {
    private static final Duration RECENT = Duration.ofMinutes(5);
    private final Store store;
    private final Networks networks;
    private final Clock clock;
    private final int seriesMax;
    private final Semaphore everything = new Semaphore(1, true);

    /**
     * Reads from a store.
     *
     * @param seriesMax how many dependencies are shown at most; the rest is counted
     */
    public DependencyMetrics(Store store, Networks networks, Clock clock, int seriesMax) {
        this.store = store;
        this.networks = networks;
        this.clock = clock;
        this.seriesMax = seriesMax;
    }

    @Override
    public MetricSnapshots collect() {
        Instant now = clock.instant();
        try (Turn turn = new Turn(everything)) {
            return collect(new View(store, networks, new Window(now.minus(RECENT), now), now, turn));
        }
    }

    private MetricSnapshots collect(View view) {
        Map<Labels, Dependency> all = new LinkedHashMap<>();
        double leftOut = 0;
        try {
            for (Joined each : view.all(Level.SERVICE, joined -> !joined.attempt())) {
                Labels labels = labels(each.dependency());
                if (all.size() < seriesMax || all.containsKey(labels)) {
                    all.merge(labels, each.dependency(), Level::add);
                } else {
                    leftOut++;
                }
            }
        } catch (TooManyFlowsException e) {
            leftOut = Double.NaN;
        }
        List<MetricSnapshot> snapshots = new ArrayList<>(dependencies(all));
        snapshots.add(GaugeSnapshot.builder()
                .name("enishi_dependency_left_out")
                .help("Dependencies of the last 5 minutes that are in no series, for there are more than " + seriesMax
                        + "; not a number where there are too many to be read")
                .dataPoint(GaugeDataPointSnapshot.builder().value(leftOut).build())
                .build());
        snapshots.addAll(agents(view));
        return new MetricSnapshots(snapshots);
    }

    private static List<MetricSnapshot> dependencies(Map<Labels, Dependency> all) {
        Series connections = new Series("dependency_connections", "Connections opened in the last 5 minutes");
        Series failures = new Series("dependency_failures", "Connections asked for in vain in the last 5 minutes");
        Series active = new Series("dependency_active_connections", "Connections open");
        Series seen = new Series("dependency_last_seen_timestamp_seconds", "When last seen");
        Series bytes = new Series("dependency_bytes", "Bytes moved in the last 5 minutes, as far as known");
        all.forEach((labels, each) -> {
            connections.add(labels, each.connections());
            failures.add(labels, each.failures());
            active.add(labels, each.active());
            seen.set(labels, each.lastSeen().toEpochMilli() / 1000.0);
            known(bytes, labels.add("sent_by", "client"), each.clientBytes());
            known(bytes, labels.add("sent_by", "server"), each.serverBytes());
        });
        return snapshots(connections, failures, active, seen, bytes);
    }

    private static void known(Series series, Labels labels, @Nullable Long value) {
        if (value != null) {
            series.add(labels, value);
        }
    }

    private static Labels labels(Dependency each) {
        return Labels.of(
                "client_host", text(each.client().host()),
                "client_service", text(each.client().service()),
                "client_network", text(each.client().network()),
                "server_host", text(each.server().host()),
                "server_service", text(each.server().service()),
                "server_network", text(each.server().network()),
                "server_port",
                        each.server().port() == null
                                ? ""
                                : Integer.toString(each.server().port()),
                "transport", each.transport().name().toLowerCase(Locale.ROOT));
    }

    private static String text(@Nullable String known) {
        return known == null ? "" : known;
    }

    /** Agents on hosts of one name are one series. */
    private List<MetricSnapshot> agents(View view) {
        Series seen = new Series("agent_events", "Sockets seen in the last 5 minutes");
        Series lost = new Series(
                "agent_events_lost",
                "Lost in the last 5 minutes: notices of closed sockets that the kernel dropped (stage capture), facts"
                        + " discarded for want of room (stage agent)");
        Series rung = new Series("agent_capture_rung", "1 for each rung in use in the last 5 minutes");
        for (HostCoverage each : store.coverage(view.window())) {
            Labels host = Labels.of("host", view.hosts().name(each.host()));
            Coverage coverage = each.coverage();
            seen.add(host, coverage.seen());
            lost.add(host.add("stage", "capture"), coverage.lost());
            lost.add(host.add("stage", "agent"), coverage.dropped());
            rung.set(host.add("rung", coverage.rung().label()), 1);
        }
        return snapshots(seen, lost, rung);
    }

    private static List<MetricSnapshot> snapshots(Series... series) {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (Series each : series) {
            snapshots.add(each.snapshot());
        }
        return snapshots;
    }

    /** A gauge with one value for each set of labels: the exposition refuses two. */
    private static final class Series {
        private final Map<Labels, Double> points = new LinkedHashMap<>();
        private final String name;
        private final String help;

        Series(String name, String help) {
            this.name = "enishi_" + name;
            this.help = help;
        }

        void add(Labels labels, long value) {
            points.merge(labels, (double) value, Double::sum);
        }

        void set(Labels labels, double value) {
            points.put(labels, value);
        }

        GaugeSnapshot snapshot() {
            GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
            points.forEach((labels, value) -> gauge.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
            return gauge.build();
        }
    }
}
