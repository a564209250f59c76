package enishi.agent.report;

import static enishi.agent.report.Samples.MINUTE;
import static enishi.agent.report.Samples.coverage;
import static enishi.agent.report.Samples.flow;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.spool.Contents;
import enishi.agent.spool.SpoolRecord;
import enishi.model.FlowObservations;
import enishi.model.Report;
import enishi.wire.ReportCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportFoldingTest {
    private static Report report(long incarnation, long sequence, List<FlowObservations> flows) {
        return new Report(
                Samples.HOST,
                incarnation,
                sequence,
                0,
                flows,
                List.of(Samples.listener(80)),
                List.of(coverage(MINUTE)));
    }

    private static List<Report> fold(Report... reports) {
        Contents.Folding folding = new ReportFolding();
        List<SpoolRecord> records = new ArrayList<>();
        for (Report each : reports) {
            records.add(new SpoolRecord(records.size() + 1, ReportCodec.encode(each)));
        }
        records.forEach(folding::note);
        return records.stream()
                .flatMap(each -> folding.rest(each).stream())
                .map(Samples::report)
                .toList();
    }

    @Test
    void theLaterOfTwoAbsoluteValuesSaysEverything() {
        Report early = report(1, 1, List.of(flow(80, 3, MINUTE, MINUTE + 1), flow(81, 1, MINUTE)));
        Report late = report(1, 2, List.of(flow(80, 9, MINUTE)));
        List<Report> rest = fold(early, late);
        assertThat(rest).hasSize(2);
        assertThat(rest.getFirst().flows()).containsExactly(flow(80, 3, MINUTE + 1), flow(81, 1, MINUTE));
        assertThat(rest.getFirst().listeners()).isEmpty();
        assertThat(rest.getFirst().coverage()).isEmpty();
        assertThat(rest.getLast()).isEqualTo(late);
    }

    @Test
    void aReportThatSaysNothingOfItsOwnGoes() {
        Report late = report(1, 2, List.of(flow(80, 9, MINUTE)));
        assertThat(fold(report(1, 1, List.of(flow(80, 3, MINUTE))), late)).containsExactly(late);
    }

    @Test
    void incarnationsAreNeverFoldedIntoEachOther() {
        Report one = report(1, 1, List.of(flow(80, 3, MINUTE)));
        Report other = report(2, 1, List.of(flow(80, 9, MINUTE)));
        assertThat(fold(one, other)).containsExactly(one, other);
    }

    @Test
    void whatIsNoReportIsLeftToTheServerToJudge() {
        Contents.Folding folding = new ReportFolding();
        SpoolRecord noise = new SpoolRecord(1, new byte[] {1, 2, 3});
        folding.note(noise);
        assertThat(folding.rest(noise)).contains(noise.bytes());
    }
}
