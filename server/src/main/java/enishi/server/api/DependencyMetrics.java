package enishi.server.api;

import enishi.answer.Dependency;
import enishi.model.Window;
import enishi.server.graph.Level;
import enishi.server.store.FlowFilter;
import enishi.server.store.HostCoverage;
import enishi.server.store.Store;
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
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies of the last five minutes and the agents' coverage as Prometheus metrics. They are sums over that window,
 * so they are gauges: no counter of ours grows for ever. No pid, ephemeral port or raw client address is a label.
 */
public final class DependencyMetrics implements MultiCollector {
    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final int SERIES_MAX = 20_000;
    private final Store store;
    private final Clock clock;

    public DependencyMetrics(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        Instant now = clock.instant();
        View view = new View(store, new Window(now.minus(RECENT), now), now);
        List<Dependency> all =
                Level.SERVICE.fold(view.dependencies(FlowFilter.ALL, joined -> !joined.attempt())).stream()
                        .limit(SERIES_MAX)
                        .toList();
        List<HostCoverage> coverage = store.coverage(view.window());
        List<MetricSnapshot> snapshots = new ArrayList<>();
        snapshots.add(
                dependencies("connections", "Connections opened in the last 5 minutes", all, Dependency::connections));
        snapshots.add(dependencies(
                "failures", "Connections asked for in vain in the last 5 minutes", all, Dependency::failures));
        snapshots.add(dependencies("active_connections", "Connections open", all, Dependency::active));
        snapshots.add(dependencies(
                "last_seen_timestamp_seconds",
                "When last seen",
                all,
                each -> each.lastSeen().toEpochMilli() / 1000.0));
        snapshots.add(bytes(all));
        Function<HostCoverage, Labels> host =
                each -> Labels.of("host", view.hosts().name(each.host()));
        snapshots.add(agents(
                "events",
                "Sockets seen",
                coverage,
                host,
                each -> each.coverage().seen()));
        snapshots.add(agents(
                "events_lost",
                "Closed sockets whose notice the kernel dropped",
                coverage,
                host.andThen(labels -> labels.add("stage", "capture")),
                each -> each.coverage().lost()));
        snapshots.add(agents(
                "capture_rung",
                "1 for the rung in use",
                coverage,
                each -> host.apply(each).add("rung", each.coverage().rung().label()),
                each -> 1));
        return new MetricSnapshots(snapshots);
    }

    private static GaugeSnapshot dependencies(
            String name, String help, List<Dependency> all, ToDoubleFunction<Dependency> value) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("enishi_dependency_" + name).help(help);
        all.forEach(each -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(each))
                .value(value.applyAsDouble(each))
                .build()));
        return gauge.build();
    }

    private static GaugeSnapshot bytes(List<Dependency> all) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("enishi_dependency_bytes").help("Bytes moved in the last 5 minutes");
        for (Dependency each : all) {
            point(gauge, each, "client", each.clientBytes());
            point(gauge, each, "server", each.serverBytes());
        }
        return gauge.build();
    }

    private static void point(GaugeSnapshot.Builder gauge, Dependency each, String by, @Nullable Long bytes) {
        if (bytes != null) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(labels(each).add("sent_by", by))
                    .value(bytes)
                    .build());
        }
    }

    private static Labels labels(Dependency each) {
        return Labels.of(
                "client_host", text(each.client().host()),
                "client_service", text(each.client().service()),
                "server_host", text(each.server().host()),
                "server_service", text(each.server().service()),
                "server_port", Integer.toString(each.server().port()),
                "transport", each.transport().name().toLowerCase(Locale.ROOT));
    }

    private static String text(@Nullable String known) {
        return known == null ? "" : known;
    }

    private static GaugeSnapshot agents(
            String name,
            String help,
            List<HostCoverage> coverage,
            Function<HostCoverage, Labels> labels,
            ToDoubleFunction<HostCoverage> value) {
        java.util.Map<Labels, Double> points = new java.util.LinkedHashMap<>();
        boolean sum = !name.equals("capture_rung");
        coverage.forEach(
                each -> points.merge(labels.apply(each), value.applyAsDouble(each), sum ? Double::sum : Math::max));
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("enishi_agent_" + name).help(help);
        points.forEach((label, count) -> gauge.dataPoint(
                GaugeDataPointSnapshot.builder().labels(label).value(count).build()));
        return gauge.build();
    }
}
