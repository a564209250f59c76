package enishi.agent.report;

import enishi.agent.spool.Contents;
import enishi.agent.spool.SpoolRecord;
import enishi.model.FlowId;
import enishi.model.FlowObservations;
import enishi.model.Listener;
import enishi.model.Observation;
import enishi.model.Report;
import enishi.model.Translation;
import enishi.model.TranslationMinutes;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves out what a later report of the same incarnation says anew: observations of the same flow and minute, spans of
 * the same listener, coverage of the same minute, counts of the same translation and minute. All are absolute values,
 * so the later one alone says everything.
 */
final class ReportFolding implements Contents.Folding {
    private final Map<Object, Long> lastSaid = new HashMap<>();

    @Override
    public void note(SpoolRecord record) {
        decode(record).ifPresent(report -> {
            for (FlowObservations each : report.flows()) {
                FlowId flow = FlowId.of(each.flow());
                each.observations()
                        .forEach(one -> lastSaid.put(
                                new ObservationKey(report.incarnation(), flow, one.minute()), record.sequence()));
            }
            report.listeners()
                    .forEach(each ->
                            lastSaid.put(new ListenerKey(report.incarnation(), each.listener()), record.sequence()));
            report.coverage()
                    .forEach(each ->
                            lastSaid.put(new CoverageKey(report.incarnation(), each.minute()), record.sequence()));
            for (TranslationMinutes each : report.translations()) {
                each.minutes()
                        .forEach(one -> lastSaid.put(
                                new TranslationKey(report.incarnation(), each.translation(), one.minute()),
                                record.sequence()));
            }
        });
    }

    @Override
    public Optional<byte[]> rest(SpoolRecord record) {
        Optional<Report> decoded = decode(record);
        if (decoded.isEmpty()) {
            return Optional.of(record.bytes()); // not ours to judge: the server will say what is wrong with it
        }
        Report report = decoded.get();
        Report rest = new Report(
                report.host(),
                report.incarnation(),
                report.sequence(),
                report.sentAtMillis(),
                report.flows().stream()
                        .map(each -> rest(report.incarnation(), each, record.sequence()))
                        .filter(each -> !each.observations().isEmpty())
                        .toList(),
                report.listeners().stream()
                        .filter(each ->
                                isLast(new ListenerKey(report.incarnation(), each.listener()), record.sequence()))
                        .toList(),
                report.coverage().stream()
                        .filter(each -> isLast(new CoverageKey(report.incarnation(), each.minute()), record.sequence()))
                        .toList(),
                report.translations().stream()
                        .map(each -> rest(report.incarnation(), each, record.sequence()))
                        .filter(each -> !each.minutes().isEmpty())
                        .toList());
        return rest.isEmpty() ? Optional.empty() : Optional.of(ReportCodec.encode(rest));
    }

    private FlowObservations rest(long incarnation, FlowObservations each, long sequence) {
        FlowId flow = FlowId.of(each.flow());
        List<Observation> kept = each.observations().stream()
                .filter(one -> isLast(new ObservationKey(incarnation, flow, one.minute()), sequence))
                .toList();
        return new FlowObservations(each.flow(), kept);
    }

    private TranslationMinutes rest(long incarnation, TranslationMinutes each, long sequence) {
        return new TranslationMinutes(
                each.translation(),
                each.minutes().stream()
                        .filter(one ->
                                isLast(new TranslationKey(incarnation, each.translation(), one.minute()), sequence))
                        .toList());
    }

    private boolean isLast(Object key, long sequence) {
        return lastSaid.getOrDefault(key, sequence) == sequence;
    }

    private static Optional<Report> decode(SpoolRecord record) {
        try {
            return Optional.of(ReportCodec.decode(record.bytes()));
        } catch (MalformedReportException e) {
            return Optional.empty();
        }
    }

    private record ObservationKey(long incarnation, FlowId flow, long minute) {}

    private record ListenerKey(long incarnation, Listener listener) {}

    private record TranslationKey(long incarnation, Translation translation, long minute) {}

    private record CoverageKey(long incarnation, long minute) {}
}
