package enishi.lab.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency.SeenFrom;
import enishi.lab.fleet.Activity.Mix;
import enishi.model.Window;
import enishi.server.graph.Hosts;
import enishi.server.graph.Join;
import enishi.server.graph.Joined;
import enishi.server.store.FlowFilter;
import enishi.server.store.Received;
import enishi.server.store.Retention;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fleet that benches are made of tells the same whichever way it is told. */
final class FleetTest {
    private static final long HOUR = 483_300;
    private static final Fleet FLEET = new Fleet(new Fleet.Size(30, 20, Mix.A, 4));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void reportedOrFoldedItIsTheSame() {
        FleetReports reports = new FleetReports(FLEET);
        FleetHours hours = new FleetHours(FLEET);
        try (DuckDbStore reported = open("reported");
                DuckDbStore folded = open("folded")) {
            for (int host = 0; host < 30; host++) {
                List<Received> all = new ArrayList<>();
                for (long minute = HOUR * 60; minute < (HOUR + 2) * 60; minute++) {
                    all.add(new Received(reports.of(host, minute), minute * 60_000));
                }
                reported.append(all);
                folded.append(List.of(new Received(reports.ofListeners(host, HOUR * 60, HOUR * 60 + 119), 1)));
            }
            folded.putHour(HOUR, hours.of(HOUR));
            folded.putHour(HOUR + 1, hours.of(HOUR + 1));
            Window first = hours(HOUR, HOUR + 1);
            Window both = hours(HOUR, HOUR + 2);
            for (int round = 0; round < 2; round++) {
                for (Window window : List.of(first, both)) {
                    assertThat(folded.flows(window, FlowFilter.ALL))
                            .isNotEmpty()
                            .containsExactlyInAnyOrderElementsOf(reported.flows(window, FlowFilter.ALL));
                }
                reported.rollUp(Retention.DEFAULT, at(HOUR + 24 * 3));
                folded.rollUp(Retention.DEFAULT, at(HOUR + 24 * 3));
            }
        }
    }

    /** Each end names the other, and each dependency is one: 600 at most, fewer those that sleep in this hour. */
    @Test
    void everyDependencyIsSeenFromBothEnds() {
        try (DuckDbStore store = open("joined")) {
            for (int host = 0; host < 30; host++) {
                store.append(List.of(
                        new Received(new FleetReports(FLEET).ofListeners(host, HOUR * 60, HOUR * 60 + 59), 1)));
            }
            store.putHour(HOUR, new FleetHours(FLEET).of(HOUR));
            List<Joined> joined = Join.of(
                    store.flows(hours(HOUR, HOUR + 1), FlowFilter.ALL),
                    new Hosts(store.hosts()),
                    store.listeners(hours(HOUR, HOUR + 1), FlowFilter.ALL));
            assertThat(joined)
                    .hasSizeBetween(450, 600)
                    .allMatch(each -> each.dependency().seenFrom() == SeenFrom.BOTH);
        }
    }

    private DuckDbStore open(String name) {
        return DuckDbStore.open(DuckDbSettings.of(folder.resolve(name)).withMemory(128));
    }

    private static Window hours(long from, long to) {
        return new Window(at(from), at(to));
    }

    private static Instant at(long hour) {
        return Instant.ofEpochSecond(hour * 3_600);
    }
}
