package enishi.lab;

import enishi.access.Identity;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import enishi.wire.ReportCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A made-up agent with known truth: each report holds flows that no other holds, and one flow and one minute of
 * coverage whose counts grow from report to report. What is not acknowledged it posts again; some it posts twice, some
 * out of order. Used by one thread at a time.
 */
final class Poster {
    /** Flows of one report that no other has. */
    static final int OWN_FLOWS = 3;

    static final int GROWING_PORT = 9;
    private static final int FIRST_PORT = 10_000;
    private final Host host;
    private final String token;
    private final Requests requests;
    private final Random random;
    private final List<Sent> unacknowledged = new ArrayList<>();
    private final List<Sent> all = new ArrayList<>();
    private final List<Sent> earlier;
    private long incarnation;
    private long sequence;
    private long minute;
    private final AtomicLong acknowledgements = new AtomicLong();

    /** One report, which may have been sent several times, and what it holds. */
    static final class Sent {
        final byte[] bytes;
        final long minute;
        /** Of the first of its own flows. */
        final int port;
        /** Opened in each of its own flows. */
        final long own;
        /** Opened in the growing flow, and sockets seen in the minute, up to this report. */
        final long growing;

        boolean acknowledged;
        /** Whether it was told as acknowledged already. */
        private boolean told;

        Sent(byte[] bytes, long minute, int port, long own, long growing) {
            this.bytes = bytes;
            this.minute = minute;
            this.port = port;
            this.own = own;
            this.growing = growing;
        }
    }

    Poster(int number, Requests requests, long seed) throws IOException {
        this(number, requests, seed, List.of());
    }

    /**
     * Goes on where a run of the same seed was cut.
     *
     * @param earlier what this poster sent in that run; it sends none of it again
     */
    Poster(int number, Requests requests, long seed, List<Sent> earlier) throws IOException {
        HostId id = HostId.random(new Random(seed + number));
        random = new Random(seed + number + 1_000L * earlier.size());
        host = new Host(id, name(number), "boot", List.of(), Map.of());
        token = requests.token(new Identity.Agent(id));
        this.requests = requests;
        this.earlier = earlier;
        acknowledgements.set(earlier.stream().filter(each -> each.acknowledged).count());
    }

    static String name(int number) {
        return "poster-" + number;
    }

    String name() {
        return host.name();
    }

    /** Reports made of a minute. */
    List<Sent> sentOf(long which) {
        return Stream.concat(earlier.stream(), all.stream())
                .filter(each -> each.minute == which)
                .toList();
    }

    /** What was sent, or acknowledged, since this was asked last. */
    List<Sent> news() {
        List<Sent> news = all.stream().filter(each -> !each.told).toList();
        news.forEach(each -> each.told = each.acknowledged);
        return news;
    }

    /** How often a report was taken so far; any thread may ask. */
    long acknowledgements() {
        return acknowledgements.get();
    }

    /** From now on reports tell of another minute, as another run of this agent. */
    void beginMinute(long next) {
        minute = next;
        incarnation = random.nextLong();
        sequence = 0;
    }

    /** Posts what was not acknowledged, then new reports, until the server does not answer. @return how many are new */
    int postUntilNoAnswer() throws InterruptedException {
        int before = all.size();
        boolean answered = postRest();
        while (answered) {
            answered = postNew();
        }
        return all.size() - before;
    }

    /** Posts so many new reports, one after the other. */
    void postInTurn(int reports) throws InterruptedException {
        for (int each = 0; each < reports; each++) {
            if (!post(make())) {
                throw new IllegalStateException("the server does not answer");
            }
        }
    }

    /** Posts what was not acknowledged. @return whether the server answered all the time */
    boolean postRest() throws InterruptedException {
        while (!unacknowledged.isEmpty()) {
            if (!post(unacknowledged.getFirst())) {
                return false;
            }
        }
        return true;
    }

    private boolean postNew() throws InterruptedException {
        List<Sent> next = new ArrayList<>(List.of(make()));
        switch (random.nextInt(4)) {
            case 0 -> next.addFirst(make()); // the later one first
            case 1 -> next.add(all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), 20)))); // one once more
            default -> {}
        }
        unacknowledged.addAll(next.stream().filter(each -> !each.acknowledged).toList());
        for (Sent each : next) {
            if (!post(each)) {
                return false;
            }
        }
        return true;
    }

    /** Posts the first report that was not acknowledged, or else a new one, once. */
    Requests.Said offer() throws IOException, InterruptedException {
        if (unacknowledged.isEmpty()) {
            unacknowledged.add(make());
        }
        return offer(unacknowledged.getFirst());
    }

    private Requests.Said offer(Sent report) throws IOException, InterruptedException {
        Requests.Said said = requests.post(report.bytes, token);
        if (said.status() == 204) {
            report.acknowledged = true;
            acknowledgements.incrementAndGet();
            unacknowledged.remove(report);
        }
        return said;
    }

    /** Posts until it is answered with 2xx. @return false when there is no answer */
    private boolean post(Sent report) throws InterruptedException {
        try {
            Requests.Said said = offer(report);
            while (said.status() == 429 || said.status() == 503) {
                Thread.sleep(50);
                said = offer(report);
            }
            if (said.status() != 204) {
                throw new IllegalStateException("a report was answered with " + said);
            }
        } catch (IOException e) {
            return false;
        }
        return true;
    }

    private Sent make() {
        sequence++;
        int port = FIRST_PORT + (int) (sequence * OWN_FLOWS);
        long own = 1L + random.nextInt(1_000);
        long growing = sequence * 10;
        List<FlowObservations> flows = new ArrayList<>();
        for (int each = 0; each < OWN_FLOWS; each++) {
            flows.add(flow(port + each, own));
        }
        flows.add(flow(GROWING_PORT, growing));
        Coverage coverage = new Coverage(minute, Rung.SOCK_DIAG, Coverage.WHOLE_MINUTE, growing, 0, 0, 0, 0, 0);
        Report report = new Report(
                host, incarnation, sequence, System.currentTimeMillis(), flows, List.of(), List.of(coverage));
        Sent sent = new Sent(ReportCodec.encode(report), minute, port, own, growing);
        all.add(sent);
        return sent;
    }

    private FlowObservations flow(int port, long opened) {
        Flow flow = new Flow(
                host.id(),
                0,
                new Program("poster", "poster", null),
                Role.CLIENT,
                Address.parse("10.77.0.1"),
                Address.parse("10.78.0.1"),
                port,
                Transport.TCP);
        long at = minute * 60_000;
        Observation observation = new Observation(
                minute, opened, opened, 0, 0, null, 0, 0, at, at + 1, Set.of(Evidence.CONNECT), List.of(), 0);
        return new FlowObservations(flow, List.of(observation));
    }
}
