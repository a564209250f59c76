package enishi.server.store;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Transport;
import enishi.model.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Reports made up for tests. Minute 0 here is a minute of the year 2025. */
public final class Reports {
    public static final long MINUTE = 29_000_000;
    private static final List<Rung> RUNGS = List.of(Rung.values());
    private static final List<Evidence> PROOFS = List.of(Evidence.values());

    private Reports() {}

    public static Host host(int number) {
        HostId id = new HostId(number, -number);
        return new Host(
                id,
                "host-" + number,
                "boot",
                List.of(new HostAddress(0, Address.ofV4(0x0a000000 + number))),
                Map.of("site", "s" + number % 2));
    }

    public static Flow flow(int host, int number) {
        Program program =
                number % 5 == 0 ? null : new Program("p" + number, "s" + number, number % 2 == 0 ? "c" : null);
        boolean unix = number % 8 == 6;
        return new Flow(
                host(host).id(),
                0,
                program,
                number % 3 == 0 ? Role.SERVER : Role.CLIENT,
                Address.ofV4(0x0a000000 + host),
                number % 2 == 0 ? Address.ofV4(0x0a000000 + number) : new Address(0x20010db8L << 32, number),
                5000 + number,
                unix ? Transport.UNIX : number % 4 == 0 ? Transport.UDP : Transport.TCP,
                unix ? "/run/s" + number : null);
    }

    public static Observation observation(int minute, long opened) {
        long at = (MINUTE + minute) * 60_000;
        return new Observation(
                MINUTE + minute,
                opened,
                0,
                0,
                opened,
                null,
                0,
                0,
                at,
                at + 1000 + opened,
                Set.of(Evidence.CONNECT),
                List.of(new ProcessId(7, 70)),
                0);
    }

    public static Observation withTraffic(int minute) {
        Observation plain = observation(minute, 1);
        return new Observation(plain.minute(), 1, 0, 0, 1, new Traffic(10, 20), 0, 0, 1, 2, Set.of(), List.of(), 0);
    }

    public static Received report(int host, long incarnation, long sequence, Flow flow, Observation... observations) {
        return received(new Report(
                host(host),
                incarnation,
                sequence,
                1_000 + sequence,
                List.of(new FlowObservations(flow, List.of(observations))),
                List.of(),
                List.of()));
    }

    public static Received coverage(int host, long incarnation, long sequence, Coverage... minutes) {
        return received(new Report(host(host), incarnation, sequence, 1_000, List.of(), List.of(), List.of(minutes)));
    }

    public static Received translated(
            int host, long incarnation, long sequence, Translation translation, TranslationMinute... minutes) {
        List<TranslationMinutes> told = List.of(new TranslationMinutes(translation, List.of(minutes)));
        return received(new Report(host(host), incarnation, sequence, 1_000, List.of(), List.of(), List.of(), told));
    }

    public static Received listeners(int host, long incarnation, long sequence, ListenerSpan... spans) {
        return received(new Report(host(host), incarnation, sequence, 1_000, List.of(), List.of(spans), List.of()));
    }

    /** Arrival follows the incarnation, so that a repeated report arrives at the same time in every order. */
    private static Received received(Report report) {
        return new Received(report, 1_700_000_000_000L + report.incarnation() * 10_000 + report.sequence());
    }

    public static Listener listener(int host, int port) {
        boolean unix = port == 3;
        return new Listener(
                host(host).id(),
                0,
                unix ? new Address(21, 4_711) : Address.ANY_V6,
                port,
                unix ? Transport.UNIX : Transport.TCP,
                false,
                new Program("d", "d", null),
                unix ? "/run/s" + port : null);
    }

    /** From the start of one minute to the start of another. */
    public static Window window(int from, int to) {
        return new Window(Instant.ofEpochSecond((MINUTE + from) * 60), Instant.ofEpochSecond((MINUTE + to) * 60));
    }

    /** Any report of few hosts, incarnations and minutes, so that they meet. */
    public static Received random(RandomGenerator random, long sequence) {
        int host = random.nextInt(3);
        List<FlowObservations> flows = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            if (random.nextBoolean()) {
                flows.add(new FlowObservations(
                        flow(host, number),
                        List.of(random(random, random.nextInt(3), sequence), random(random, 3, sequence))));
            }
        }
        List<ListenerSpan> spans = new ArrayList<>();
        for (int port = 1; port < 4; port++) {
            ProcessId process = random.nextBoolean() ? null : new ProcessId(random.nextInt(3), 5);
            long first = MINUTE * 60_000 + random.nextInt(300_000);
            spans.add(new ListenerSpan(listener(host, port), process, first, first + random.nextInt(100_000)));
        }
        Coverage coverage = new Coverage(
                MINUTE + random.nextInt(4),
                RUNGS.get(random.nextInt(RUNGS.size())),
                random.nextLong() & Coverage.WHOLE_MINUTE,
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9));
        return received(new Report(host(host), random.nextInt(2), sequence, 9, flows, spans, List.of(coverage)));
    }

    private static Observation random(RandomGenerator random, int minute, long sequence) {
        long at = (MINUTE + minute) * 60_000 + random.nextInt(60_000);
        List<ProcessId> processes = new ArrayList<>();
        for (int pid = 0; pid < random.nextInt(4); pid++) {
            processes.add(new ProcessId(pid, 100 + random.nextInt(2)));
        }
        return new Observation(
                MINUTE + minute,
                random.nextInt(5),
                random.nextInt(5),
                random.nextInt(5),
                random.nextInt(50),
                random.nextBoolean() ? null : new Traffic(random.nextInt(99), random.nextInt(99)),
                random.nextBoolean() ? 0 : 1 + (int) sequence,
                random.nextInt(5),
                at,
                at + random.nextInt(1000),
                random.nextBoolean() ? Set.of() : Set.of(PROOFS.get(random.nextInt(PROOFS.size()))),
                processes,
                random.nextInt(3));
    }
}
