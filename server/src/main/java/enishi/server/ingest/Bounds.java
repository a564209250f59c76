package enishi.server.ingest;

import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a report may hold. Whoever holds a token is still not trusted with our memory or our history. */
public final class Bounds {
    /** Bytes of a report over the wire. */
    public static final int COMPRESSED_BYTES_MAX = 4 << 20;

    /** Bytes of a report once unpacked. */
    static final int REPORT_BYTES_MAX = 32 << 20;

    static final int FLOWS_MAX = 100_000;
    static final int OBSERVATIONS_MAX = 200_000;
    static final int LISTENERS_MAX = 20_000;
    static final int COVERAGE_MAX = 10_000;
    static final int ADDRESSES_MAX = 10_000;
    static final int LABELS_MAX = 64;
    static final int TEXT_MAX = 512;
    static final Duration AHEAD_MAX = Duration.ofHours(1);
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    private Bounds() {}

    /**
     * Why a report is refused, or empty if it is within bounds.
     *
     * @param minutesFrom the first minute of which minute rows are kept
     */
    static Optional<String> refuse(Report report, Instant now, long minutesFrom) {
        if (report.sequence() < 1) {
            return Optional.of("a report carries its number, from 1");
        }
        if (report.isEmpty()) {
            return Optional.of("the report tells nothing: no flow, no listener, no coverage, no translation");
        }
        int flows = report.flows().size() + report.translations().size();
        if (flows > FLOWS_MAX || observations(report) > OBSERVATIONS_MAX) {
            return Optional.of("a report holds at most " + FLOWS_MAX + " flows and translations, and "
                    + OBSERVATIONS_MAX + " observations and minutes of them");
        }
        if (report.listeners().size() > LISTENERS_MAX || report.coverage().size() > COVERAGE_MAX) {
            return Optional.of("a report holds at most " + LISTENERS_MAX + " listeners and " + COVERAGE_MAX
                    + " minutes of coverage");
        }
        if (report.host().addresses().size() > ADDRESSES_MAX
                || report.host().labels().size() > LABELS_MAX) {
            return Optional.of("a host has at most " + ADDRESSES_MAX + " addresses and " + LABELS_MAX + " labels");
        }
        if (texts(report).anyMatch(text -> text.length() > TEXT_MAX)) {
            return Optional.of("a name is at most " + TEXT_MAX + " characters long");
        }
        long first = Math.floorDiv(EARLIEST.getEpochSecond(), 60L);
        long last = Math.floorDiv(now.plus(AHEAD_MAX).getEpochSecond(), 60L);
        if (minutes(report).anyMatch(minute -> minute < first || minute > last)) {
            return Optional.of(
                    "a minute or the report itself lies before 2020 or more than an hour ahead of the server's clock ("
                            + now + "); set the host's clock");
        }
        if (told(report).anyMatch(minute -> minute < minutesFrom)) {
            return Optional.of("it tells of minutes before " + Instant.ofEpochSecond(minutesFrom * 60)
                    + ", whose minute rows are rolled up and dropped; --keep-minutes-hours keeps them longer");
        }
        return Optional.empty();
    }

    /** The minutes of which it tells what was seen or that somebody watched. */
    private static LongStream told(Report report) {
        LongStream observed = report.flows().stream()
                .map(FlowObservations::observations)
                .flatMapToLong(each -> each.stream().mapToLong(Observation::minute));
        LongStream translated = report.translations().stream()
                .map(TranslationMinutes::minutes)
                .flatMapToLong(each -> each.stream().mapToLong(TranslationMinute::minute));
        return LongStream.concat(
                LongStream.concat(observed, translated),
                report.coverage().stream().mapToLong(Coverage::minute));
    }

    private static long observations(Report report) {
        return report.flows().stream()
                        .mapToLong(each -> each.observations().size())
                        .sum()
                + report.translations().stream()
                        .mapToLong(each -> each.minutes().size())
                        .sum();
    }

    private static Stream<String> texts(Report report) {
        Stream<Program> programs = Stream.concat(
                report.flows().stream()
                        .flatMap(each -> Stream.ofNullable(each.flow().program())),
                report.listeners().stream()
                        .flatMap(each -> Stream.ofNullable(each.listener().program())));
        Stream<String> names = Stream.concat(
                report.flows().stream()
                        .flatMap(each -> Stream.ofNullable(each.flow().name())),
                report.listeners().stream()
                        .flatMap(each -> Stream.ofNullable(each.listener().socket())));
        return Stream.concat(
                Stream.concat(
                        names,
                        programs.flatMap(each -> Stream.of(
                                each.name(), each.service(), each.container() == null ? "" : each.container()))),
                Stream.concat(
                        Stream.of(report.host().name(), report.host().bootId()),
                        report.host().labels().entrySet().stream()
                                .flatMap(each -> Stream.of(each.getKey(), each.getValue()))));
    }

    private static LongStream minutes(Report report) {
        return LongStream.concat(LongStream.of(Math.floorDiv(report.sentAtMillis(), 60_000L)), told(report));
    }
}
