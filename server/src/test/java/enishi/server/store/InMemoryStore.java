package enishi.server.store;

import enishi.model.Between;
import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Window;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A store that forgets when it is closed: the contract said in plain maps, for tests of whatever stands on a store. */
public final class InMemoryStore implements Store {

    private final Map<HostId, Map<Long, Incarnation>> hosts = new HashMap<>();
    private final Map<FlowMinute, Told<Observation>> minutes = new HashMap<>();
    private final Map<ListenerTold, Told<ListenerSpan>> listeners = new HashMap<>();
    private final Map<Translation, TreeSet<Long>> translations = new HashMap<>();
    private final WatchedMinutes coverage = new WatchedMinutes();
    private final List<Received> all = new ArrayList<>();

    private record FlowMinute(Flow flow, long minute, long incarnation) {}

    private record ListenerTold(Listener listener, long incarnation) {}

    /** What the report of this sequence told. */
    record Told<T>(long sequence, T value) {
        static <T> Told<T> later(Told<T> one, Told<T> other) {
            return other.sequence > one.sequence ? other : one;
        }
    }

    private record Incarnation(long firstReceived, Told<Received> last, Told<Rung> rung) {
        Incarnation with(Incarnation other) {
            return new Incarnation(
                    Math.min(firstReceived, other.firstReceived),
                    Told.later(last, other.last),
                    Told.later(rung, other.rung));
        }
    }

    @Override
    public synchronized void append(List<Received> reports) {
        reports.forEach(this::append);
        all.addAll(reports);
    }

    private void append(Received received) {
        Report report = received.report();
        long sequence = report.sequence();
        long incarnation = report.incarnation();
        HostId host = report.host().id();
        Told<Rung> rung = report.coverage().stream()
                .max(Comparator.comparingLong(Coverage::minute))
                .map(each -> new Told<>(sequence, each.rung()))
                .orElse(new Told<>(-1, Rung.PROC));
        hosts.computeIfAbsent(host, each -> new HashMap<>())
                .merge(
                        incarnation,
                        new Incarnation(received.receivedAtMillis(), new Told<>(sequence, received), rung),
                        Incarnation::with);
        for (FlowObservations flow : report.flows()) {
            for (Observation each : flow.observations()) {
                minutes.merge(
                        new FlowMinute(flow.flow(), each.minute(), incarnation),
                        new Told<>(sequence, each),
                        Told::later);
            }
        }
        for (ListenerSpan each : report.listeners()) {
            listeners.merge(new ListenerTold(each.listener(), incarnation), new Told<>(sequence, each), Told::later);
        }
        for (TranslationMinutes told : report.translations()) {
            for (TranslationMinute each : told.minutes()) {
                translations
                        .computeIfAbsent(told.translation(), key -> new TreeSet<>())
                        .add(each.minute());
            }
        }
        coverage.add(received);
    }

    @Override
    public synchronized List<KnownTranslation> translations(Window window) {
        List<KnownTranslation> found = new ArrayList<>();
        translations.forEach((each, minutes) -> {
            NavigableSet<Long> within = minutes.subSet(window.firstMinute(), true, window.lastMinute(), true);
            if (!within.isEmpty()) {
                found.add(new KnownTranslation(each, within.first(), within.last()));
            }
        });
        return found;
    }

    @Override
    public List<KnownTranslation> translations(Window window, Set<Between> at) {
        return translations(window).stream()
                .filter(each -> at.contains(Between.before(each.translation()))
                        || at.contains(Between.after(each.translation())))
                .toList();
    }

    /** The first minute carries the sums of the hour. */
    @Override
    public synchronized void putHour(long hour, Iterator<FlowHour> rows) {
        boolean isTold = minutes.entrySet().stream()
                .anyMatch(each -> Math.floorDiv(each.getKey().minute(), 60L) == hour
                        && each.getValue().sequence() > 0);
        if (isTold) {
            throw new StoreException("minutes of that hour are known");
        }
        minutes.keySet().removeIf(each -> Math.floorDiv(each.minute(), 60L) == hour);
        rows.forEachRemaining(each -> {
            FlowTotals totals = each.totals();
            long first = hour * 60 + Long.numberOfTrailingZeros(each.minutes());
            for (long minute = first; minute < hour * 60 + 60; minute++) {
                if (((each.minutes() >>> (minute - hour * 60)) & 1) != 0) {
                    boolean carries = minute == first;
                    Observation observation = new Observation(
                            minute,
                            carries ? totals.opened() : 0,
                            carries ? totals.closed() : 0,
                            carries ? totals.failed() : 0,
                            totals.active(),
                            carries ? totals.traffic() : null,
                            totals.rttMicros(),
                            carries ? totals.retransmits() : 0,
                            Math.max(totals.firstSeenMillis(), minute * 60_000),
                            Math.min(totals.lastSeenMillis(), minute * 60_000 + 59_999),
                            totals.evidence(),
                            totals.processes(),
                            totals.moreProcesses());
                    minutes.put(new FlowMinute(totals.flow(), minute, 0), new Told<>(0, observation));
                }
            }
        });
    }

    @Override
    public synchronized List<KnownHost> hosts() {
        return hosts.values().stream().map(InMemoryStore::host).toList();
    }

    private static KnownHost host(Map<Long, Incarnation> incarnations) {
        List<Incarnation> oldestFirst = incarnations.values().stream()
                .sorted(Comparator.comparingLong(Incarnation::firstReceived))
                .toList();
        Received last = oldestFirst.getLast().last().value();
        Rung rung = oldestFirst.reversed().stream()
                .map(Incarnation::rung)
                .filter(each -> each.sequence() >= 0)
                .findFirst()
                .map(Told::value)
                .orElse(Rung.PROC);
        return new KnownHost(
                last.report().host(),
                oldestFirst.getFirst().firstReceived(),
                last.receivedAtMillis(),
                rung,
                last.report().sentAtMillis() - last.receivedAtMillis());
    }

    @Override
    public synchronized List<FlowTotals> flows(Window window, FlowFilter filter) {
        Map<Flow, TreeMap<FlowMinute, Observation>> found = new HashMap<>();
        Comparator<FlowMinute> byAge = Comparator.comparingLong(FlowMinute::minute)
                .thenComparingLong(each -> told(each).lastSeenMillis())
                .thenComparingLong(FlowMinute::incarnation);
        minutes.forEach((key, told) -> {
            if (within(window, key.minute()) && filter.takes(key.flow())) {
                found.computeIfAbsent(key.flow(), each -> new TreeMap<>(byAge)).put(key, told.value());
            }
        });
        return found.entrySet().stream()
                .map(each -> total(each.getKey(), List.copyOf(each.getValue().values())))
                .toList();
    }

    private Observation told(FlowMinute key) {
        return Objects.requireNonNull(minutes.get(key)).value();
    }

    private static FlowTotals total(Flow flow, List<Observation> oldestFirst) {
        BinaryOperator<Integer> second = (first, next) -> next;
        List<ProcessId> processes = oldestFirst.stream()
                .flatMap(each -> each.processes().stream())
                .distinct()
                .sorted()
                .toList();
        long most = oldestFirst.stream()
                .mapToLong(each -> each.processes().size() + Math.min(each.moreProcesses(), Long.MAX_VALUE / 2))
                .max()
                .orElseThrow();
        return new FlowTotals(
                flow,
                sum(oldestFirst, Observation::opened),
                sum(oldestFirst, Observation::closed),
                sum(oldestFirst, Observation::failed),
                oldestFirst.getLast().active(),
                oldestFirst.stream()
                        .map(Observation::traffic)
                        .filter(Objects::nonNull)
                        .reduce((one, other) -> Objects.requireNonNull(one).plus(Objects.requireNonNull(other)))
                        .orElse(null),
                oldestFirst.stream()
                        .map(Observation::rttMicros)
                        .filter(each -> each > 0)
                        .reduce(0, second),
                sum(oldestFirst, Observation::retransmits),
                oldestFirst.stream()
                        .mapToLong(Observation::firstSeenMillis)
                        .min()
                        .orElseThrow(),
                oldestFirst.stream()
                        .mapToLong(Observation::lastSeenMillis)
                        .max()
                        .orElseThrow(),
                oldestFirst.stream().flatMap(each -> each.evidence().stream()).collect(Collectors.toSet()),
                processes,
                Math.max(0, most - processes.size()));
    }

    /** A sum that would not fit stays at the largest. */
    static <T> long sum(List<T> all, Function<T, Long> count) {
        long sum = 0;
        for (T each : all) {
            sum = sum + count.apply(each) < 0 ? Long.MAX_VALUE : sum + count.apply(each);
        }
        return sum;
    }

    @Override
    public synchronized List<KnownListener> listeners(Window window, FlowFilter filter) {
        long from = window.from().toEpochMilli();
        long to = window.to().plusNanos(999_999).toEpochMilli();
        Map<Listener, List<ListenerSpan>> spans = new HashMap<>();
        for (Told<ListenerSpan> told : listeners.values()) {
            Listener listener = told.value().listener();
            if (filter.hosts().isEmpty() || filter.hosts().contains(listener.host())) {
                spans.computeIfAbsent(listener, each -> new ArrayList<>()).add(told.value());
            }
        }
        List<KnownListener> found = new ArrayList<>();
        spans.forEach((listener, all) -> {
            List<ListenerSpan> within = all.stream()
                    .filter(each -> each.firstSeenMillis() < to && each.lastSeenMillis() >= from)
                    .toList();
            if (!within.isEmpty()) {
                found.add(known(listener, all, within));
            }
        });
        return found;
    }

    private static KnownListener known(Listener listener, List<ListenerSpan> all, List<ListenerSpan> within) {
        List<ProcessId> processes = new ArrayList<>();
        for (ListenerSpan span : within) {
            ProcessId process = span.process();
            if (process != null && !processes.contains(process)) {
                processes.add(process);
            }
        }
        processes.sort(Comparator.naturalOrder());
        long first = all.stream().mapToLong(ListenerSpan::firstSeenMillis).min().orElseThrow();
        long last = all.stream().mapToLong(ListenerSpan::lastSeenMillis).max().orElseThrow();
        return new KnownListener(listener, processes, first, last);
    }

    @Override
    public synchronized List<HostCoverage> coverage(Window window, Set<HostId> asked) {
        return coverage.of(window).stream()
                .filter(each -> asked.isEmpty() || asked.contains(each.host()))
                .toList();
    }

    private static boolean within(Window window, long minute) {
        return window.firstMinute() <= minute && minute <= window.lastMinute();
    }

    @Override
    public Kept kept() {
        return Kept.ALL;
    }

    @Override
    public long tooLate() {
        return 0;
    }

    /** Every report that came, in its order. */
    @Override
    public synchronized void backup(Path into) {
        if (Files.exists(into)) {
            throw new StoreException(into + " exists");
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(into))) {
            Files.setPosixFilePermissions(into, PosixFilePermissions.fromString("rw-------"));
            for (Received each : all) {
                byte[] report = ReportCodec.encode(each.report());
                out.writeLong(each.receivedAtMillis());
                out.writeInt(report.length);
                out.write(report);
            }
        } catch (IOException e) {
            throw new StoreException("cannot write " + into, e);
        }
    }

    /** A store again, of what a backup holds. */
    static InMemoryStore of(Path backup) throws IOException, MalformedReportException {
        InMemoryStore store = new InMemoryStore();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(backup)))) {
            while (in.available() > 0) {
                long at = in.readLong();
                store.append(List.of(new Received(ReportCodec.decode(in.readNBytes(in.readInt())), at)));
            }
        }
        return store;
    }

    /** Everything is kept as it came. */
    @Override
    public void rollUp(Retention retention, Instant now) {}

    @Override
    public void close() {}
}
