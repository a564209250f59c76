package enishi.server.store.recent;

import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.server.store.HostCoverage;
import enishi.server.store.recent.Recent.Told;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Ten minutes: what flows did in them, by number, and what was watched, by the host's number. */
final class Slot {
    static final long MINUTES = 10;

    private static final int TOLD = 32;
    private static final int PROOFS = 32;
    private static final int PROCESSES = 40;
    private static final int PROCESS = 28;

    private final long firstMinute;
    private final Numbered<Told> reports = new Numbered<>(each -> TOLD);
    private final Numbered<Set<Evidence>> proofs = new Numbered<>(each -> PROOFS);
    private final Numbered<List<ProcessId>> processes =
            new Numbered<>(each -> PROCESSES + (long) PROCESS * each.size());
    private final MinuteRows observed = new MinuteRows();
    private final MinuteRows watched = new MinuteRows();
    private final ObservationRow observing = new ObservationRow();
    private final CoverageRow watching = new CoverageRow();

    Slot(long number) {
        firstMinute = number * MINUTES;
    }

    static long of(long minute) {
        return Math.floorDiv(minute, MINUTES);
    }

    /** About how much memory it takes. */
    long bytes() {
        return observed.bytes() + watched.bytes() + reports.bytes() + proofs.bytes() + processes.bytes();
    }

    void put(int flow, Told told, Observation observation, boolean first) {
        observing.minute = (int) (observation.minute() - firstMinute);
        observing.report = reports.of(told);
        observing.evidence = proofs.of(observation.evidence());
        observing.processes = processes.of(observation.processes());
        observing.set(observation);
        observed.put(flow, observing, reports, firstMinute, first);
    }

    void put(int host, Told told, Coverage coverage, @Nullable Long clockOffsetMillis, boolean first) {
        watching.minute = (int) (coverage.minute() - firstMinute);
        watching.report = reports.of(told);
        watching.set(coverage, clockOffsetMillis);
        watched.put(host, watching, reports, firstMinute, first);
    }

    /** Adds what a flow did in some of these minutes, both inclusive; the row is the reader's own. */
    void addTo(Sums sums, int flow, long first, long last, ObservationRow reading) {
        byte[] all = observed.of(flow);
        int proof = -1;
        int holders = -1;
        long more = -1;
        int at = 0;
        while (at < all.length) {
            at = reading.read(all, at, firstMinute);
            long minute = firstMinute + reading.minute;
            if (minute < first || minute > last) {
                continue;
            }
            sums.add(minute, reports.get(reading.report).incarnation(), reading);
            if (reading.evidence != proof || reading.processes != holders || reading.moreProcesses != more) {
                proof = reading.evidence; // most rows repeat what the one before named
                holders = reading.processes;
                more = reading.moreProcesses;
                sums.add(proofs.get(proof), processes.get(holders), more);
            }
        }
    }

    /** Tells what each incarnation watched in each of some of these minutes, both inclusive, in no order. */
    void watched(int number, HostId host, long first, long last, Consumer<HostCoverage> to) {
        CoverageRow reading = new CoverageRow();
        byte[] all = watched.of(number);
        int at = 0;
        while (at < all.length) {
            at = reading.read(all, at, firstMinute);
            long minute = firstMinute + reading.minute;
            if (minute >= first && minute <= last) {
                to.accept(reading.of(host, firstMinute));
            }
        }
    }

    /** The flows of which there are rows. */
    IntStream flows() {
        return observed.numbers();
    }

    /** Gives each flow of which there are rows another number, by its old one. */
    void renumber(int[] numbers) {
        observed.renumber(numbers);
    }
}
