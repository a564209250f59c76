package enishi.agent.report;

import static enishi.agent.report.Samples.MINUTE;
import static enishi.agent.report.Samples.coverage;
import static enishi.agent.report.Samples.flow;
import static enishi.agent.report.Samples.folded;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.fold.Folded;
import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolLimits;
import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReporterTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1234));

    @TempDir
    Path folder;

    private final Gaps gaps = new Gaps();

    private Spool spool(long bytesMax) throws IOException {
        return Spool.open(folder, new SpoolLimits(bytesMax), new ReportContents(gaps));
    }

    private Reporter reporter(Spool spool) {
        return new Reporter(
                new Reporter.Origin(() -> Samples.HOST, new AtomicLong(100)::incrementAndGet), spool, gaps, CLOCK);
    }

    @Test
    void numbersReportsFromOne() throws IOException {
        try (Spool spool = spool(1 << 20)) {
            Reporter reporter = reporter(spool);
            reporter.accept(folded(List.of(flow(80, 1, MINUTE)), coverage(MINUTE)));
            reporter.accept(folded(List.of(flow(81, 1, MINUTE))));
            reporter.accept(folded(List.of()));
            assertThat(Samples.drain(spool))
                    .containsExactly(
                            new Report(
                                    Samples.HOST,
                                    101,
                                    1,
                                    1234,
                                    List.of(flow(80, 1, MINUTE)),
                                    List.of(),
                                    List.of(coverage(MINUTE))),
                            new Report(Samples.HOST, 101, 2, 1234, List.of(flow(81, 1, MINUTE)), List.of(), List.of()));
        }
    }

    @Test
    void aNewIncarnationNumbersAnew() throws IOException {
        try (Spool spool = spool(1 << 20)) {
            Reporter reporter = reporter(spool);
            reporter.accept(folded(List.of(flow(80, 1, MINUTE))));
            reporter.beginIncarnation();
            reporter.accept(folded(List.of(flow(80, 1, MINUTE))));
            List<Report> reports = Samples.drain(spool);
            assertThat(reports).extracting(Report::incarnation).containsExactly(101L, 102L);
            assertThat(reports).extracting(Report::sequence).containsExactly(1L, 1L);
        }
    }

    @Test
    void splitsWhatIsTooLargeAndLetsTheCoverageGoLast() throws IOException {
        List<FlowObservations> flows = IntStream.range(1, 12_001)
                .mapToObj(port -> flow(port, 1, MINUTE))
                .toList();
        Folded folded = new Folded(flows, List.of(Samples.listener(80)), List.of(coverage(MINUTE)));
        try (Spool spool = spool(64 << 20)) {
            reporter(spool).accept(folded);
            List<Report> reports = Samples.drain(spool);
            assertThat(reports).hasSizeGreaterThan(2);
            assertThat(reports).allSatisfy(each -> assertThat(each.flows()).hasSizeLessThanOrEqualTo(5_000));
            assertThat(reports.stream().flatMap(each -> each.flows().stream())).containsExactlyElementsOf(flows);
            assertThat(reports.subList(0, reports.size() - 1))
                    .allSatisfy(each -> assertThat(each.coverage()).isEmpty());
            assertThat(reports.getLast().coverage()).containsExactly(coverage(MINUTE));
            assertThat(reports.getLast().listeners()).hasSize(1);
        }
    }

    @Test
    void splitsByBytesToo() throws IOException {
        List<FlowObservations> flows =
                IntStream.range(1, 1001).mapToObj(port -> flow(port, 1, MINUTE)).toList();
        try (Spool spool = spool(256 << 10)) {
            reporter(spool).accept(folded(flows, coverage(MINUTE)));
            assertThat(Samples.drain(spool).stream().flatMap(each -> each.flows().stream()))
                    .containsExactlyElementsOf(flows);
            assertThat(spool.counters().failedAppends()).isZero();
        }
    }

    /** Its seconds were claimed by a report that is gone; one that follows must not claim them again. */
    @Test
    void aMinuteOfWhichSomethingIsLostClaimsNoSecondLaterEither() throws IOException {
        try (Spool spool = spool(1 << 20)) {
            Reporter reporter = reporter(spool);
            gaps.add(new Report(
                    Samples.HOST, 101, 1, 1234, List.of(flow(80, 1, MINUTE)), List.of(), List.of(coverage(MINUTE))));
            reporter.accept(folded(List.of(flow(81, 1, MINUTE))));
            reporter.accept(folded(List.of(flow(82, 1, MINUTE)), coverage(MINUTE)));
            Coverage last = Samples.drain(spool).getLast().coverage().getLast();
            assertThat(last.watchedSeconds()).isZero();
            assertThat(last.dropped()).isEqualTo(1);
        }
    }

    @Test
    void whatTheSpoolDropsIsToldAsAGapOfItsMinutes() throws IOException {
        List<Report> left;
        try (Spool spool = spool(64 << 10)) {
            Reporter reporter = reporter(spool);
            for (int i = 0; i < 300; i++) {
                List<FlowObservations> flows = new ArrayList<>();
                for (int port = 1; port <= 20; port++) {
                    flows.add(flow(port, i, MINUTE + i));
                }
                reporter.accept(folded(flows, coverage(MINUTE + i)));
            }
            assertThat(spool.counters().dropped()).isPositive();
            left = Samples.drain(spool);
        }
        // truth = stored + gap: of each minute either everything arrives, or a row says that nothing was watched
        for (int i = 0; i < 300; i++) {
            long minute = MINUTE + i;
            long arrived = left.stream()
                    .flatMap(each -> each.flows().stream())
                    .flatMap(each -> each.observations().stream())
                    .filter(each -> each.minute() == minute)
                    .count();
            List<Coverage> rows = left.stream()
                    .flatMap(each -> each.coverage().stream())
                    .filter(each -> each.minute() == minute)
                    .toList();
            boolean watched = !rows.isEmpty() && rows.getLast().watchedSeconds() != 0;
            assertThat(arrived).as("minute %d", i).isEqualTo(watched ? 20 : 0);
            assertThat(rows.stream().anyMatch(each -> each.dropped() == 20)).isEqualTo(!watched);
        }
        assertThat(gaps.droppedFacts()).isPositive().isEqualTo(20L * (300 - watchedMinutes(left)));
    }

    private static long watchedMinutes(List<Report> reports) {
        return reports.stream()
                .flatMap(each -> each.coverage().stream())
                .filter(each -> each.watchedSeconds() != 0)
                .count();
    }

    @Test
    void aMinuteThatLostSomethingSaysSoInItsLaterRows() throws IOException {
        try (Spool spool = spool(1 << 20)) {
            Reporter reporter = reporter(spool);
            gaps.add(new Report(
                    Samples.HOST, 101, 1, 0, List.of(flow(80, 1, MINUTE)), List.of(), List.of(coverage(MINUTE))));
            reporter.accept(folded(List.of(flow(81, 1, MINUTE))));
            reporter.accept(folded(List.of(flow(81, 1, MINUTE)), coverage(MINUTE)));
            Coverage later = Samples.drain(spool).getLast().coverage().getFirst();
            assertThat(later.dropped()).isEqualTo(1);
            assertThat(later.unaccounted()).isEqualTo(coverage(MINUTE).unaccounted());
        }
    }
}
