package enishi.server.store.recent;

import enishi.model.Evidence;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Traffic;
import enishi.server.store.recent.Recent.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Ten minutes: of each flow the rows that count, one after the other. Of the rows of one minute and incarnation only
 * that of the greatest sequence is kept.
 */
final class Slot {
    static final long MINUTES = 10;

    /** What an array takes beside its bytes, and its place in the list of them. */
    private static final int OVERHEAD = 24;

    private static final byte[] NONE = {};
    private final long firstMinute;
    private byte[][] rows = new byte[256][];
    private final Numbered<Told> reports = new Numbered<>();
    private final Numbered<Set<Evidence>> proofs = new Numbered<>();
    private final Numbered<List<ProcessId>> processes = new Numbered<>();
    private final Row row = new Row();
    private long bytes;

    /** Values that are the same for many rows, by a number. */
    private static final class Numbered<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> values = new ArrayList<>();

        int of(T value) {
            Integer known = numbers.get(value);
            if (known == null) {
                known = values.size();
                numbers.put(value, known);
                values.add(value);
            }
            return known;
        }

        T get(int number) {
            return values.get(number);
        }
    }

    Slot(long number) {
        firstMinute = number * MINUTES;
    }

    static long of(long minute) {
        return Math.floorDiv(minute, MINUTES);
    }

    /** About how much memory it takes. */
    long bytes() {
        return bytes;
    }

    void put(int flow, Told told, Observation observation) {
        if (flow >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(flow + 1, rows.length / 2 * 3));
        }
        byte[] before = rows[flow] == null ? NONE : rows[flow];
        int minute = (int) (observation.minute() - firstMinute);
        int at = 0;
        int end = 0;
        while (end < before.length) {
            at = end;
            end = row.readKey(before, at);
            Told earlier = reports.get(row.report);
            if (row.minute == minute && earlier.incarnation() == told.incarnation()) {
                if (earlier.sequence() > told.sequence()) {
                    return;
                }
                byte[] others = new byte[before.length - (end - at)];
                System.arraycopy(before, 0, others, 0, at);
                System.arraycopy(before, end, others, at, before.length - end);
                before = others;
                end = before.length;
            }
        }
        byte[] next = written(minute, told, observation);
        byte[] all = Arrays.copyOf(before, before.length + next.length);
        System.arraycopy(next, 0, all, before.length, next.length);
        bytes += all.length + OVERHEAD - (rows[flow] == null ? 0 : rows[flow].length + OVERHEAD);
        rows[flow] = all;
    }

    private byte[] written(int minute, Told told, Observation observation) {
        Traffic traffic = observation.traffic();
        row.minute = minute;
        row.evidence = proofs.of(observation.evidence());
        row.report = reports.of(told);
        row.processes = processes.of(observation.processes());
        row.hasTraffic = traffic != null;
        row.clientBytes = traffic == null ? 0 : traffic.clientBytes();
        row.serverBytes = traffic == null ? 0 : traffic.serverBytes();
        row.opened = observation.opened();
        row.closed = observation.closed();
        row.active = observation.active();
        row.failed = observation.failed();
        row.rttMicros = observation.rttMicros();
        row.retransmits = observation.retransmits();
        row.moreProcesses = observation.moreProcesses();
        row.firstSeenMillis = observation.firstSeenMillis();
        row.lastSeenMillis = observation.lastSeenMillis();
        return row.write(firstMinute);
    }

    /** Adds what a flow did in some of these minutes, both inclusive; the row is the reader's own. */
    void addTo(Sums sums, int flow, long first, long last, Row reading) {
        byte[] all = flow < rows.length && rows[flow] != null ? rows[flow] : NONE;
        int at = 0;
        while (at < all.length) {
            at = reading.read(all, at, firstMinute);
            long minute = firstMinute + reading.minute;
            if (minute >= first && minute <= last) {
                long incarnation = reports.get(reading.report).incarnation();
                sums.add(minute, incarnation, reading);
                sums.add(proofs.get(reading.evidence), processes.get(reading.processes), reading.moreProcesses);
            }
        }
    }

    /** The flows of which there are rows. */
    IntStream flows() {
        return IntStream.range(0, rows.length).filter(each -> rows[each] != null);
    }

    /** Gives each flow of which there are rows another number, by its old one. */
    void renumber(int[] numbers) {
        byte[][] before = rows;
        int size = flows().map(each -> numbers[each] + 1).max().orElse(1);
        rows = new byte[size][];
        for (int each = 0; each < before.length; each++) {
            if (before[each] != null) {
                rows[numbers[each]] = before[each];
            }
        }
    }
}
