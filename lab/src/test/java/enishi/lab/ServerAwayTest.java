package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.access.Identity;
import enishi.agent.fold.Folded;
import enishi.agent.report.Gaps;
import enishi.agent.report.HttpPost;
import enishi.agent.report.ReportContents;
import enishi.agent.report.Reporter;
import enishi.agent.report.Sender;
import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolLimits;
import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is away for an hour and then comes back: the agent's reporter, spool and sender, with a clock that makes
 * an hour of a moment, and a real server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class ServerAwayTest {
    /** The least that {@code --spool-mib} takes. */
    private static final SpoolLimits LIMITS = new SpoolLimits(4 << 20);

    private static final int MINUTES_WITHIN = 20;
    private static final int MINUTES_BEYOND = 60;
    private static final int FLOWS = 60;
    private static final String LONG_NAME = "x".repeat(500);

    @TempDir
    static Path home;

    private Part server;
    private Requests requests;
    private final Instant first =
            Instant.ofEpochSecond(Instant.now().getEpochSecond() / 60 * 60).minus(Duration.ofHours(2));

    @BeforeAll
    void start() throws Exception {
        server = Part.server(home);
        requests = new Requests(home);
        server.await("an answer", requests::isAnswering);
    }

    @AfterAll
    void stop() throws IOException {
        requests.close();
        server.close();
    }

    /** What one minute is told to be. */
    private record Minute(long watchedSeconds, long dropped, long connections) {}

    @Test
    void withinTheCapNothingIsLost() throws Exception {
        List<Minute> told = away("within", MINUTES_WITHIN);
        assertThat(told).hasSize(MINUTES_WITHIN).containsOnly(new Minute(60, 0, FLOWS));
    }

    @Test
    void whatIsBeyondTheCapIsAGapAndCountedToTheLastFact() throws Exception {
        List<Minute> told = away("beyond", MINUTES_BEYOND);
        List<Minute> whole = told.stream().filter(each -> each.dropped() == 0).toList();
        List<Minute> holed = told.stream().filter(each -> each.dropped() > 0).toList();
        assertThat(whole).isNotEmpty().containsOnly(new Minute(60, 0, FLOWS));
        assertThat(holed).hasSizeGreaterThan(MINUTES_BEYOND / 4);
        assertThat(holed).allSatisfy(each -> {
            assertThat(each.watchedSeconds()).isZero();
            assertThat(each.connections() + each.dropped()).isEqualTo(FLOWS);
        });
        assertThat(told.getLast()).as("the newest is kept").isEqualTo(new Minute(60, 0, FLOWS));
    }

    /** Spools so many minutes while nothing is sent, then sends, and asks the server about each minute. */
    private List<Minute> away(String name, int minutes) throws Exception {
        HostId id = HostId.random(new Random(minutes));
        Gaps gaps = new Gaps();
        try (Spool spool = Spool.open(home.resolve(name), LIMITS, new ReportContents(gaps))) {
            Instant[] now = {first};
            Host host = new Host(id, name, "boot", List.of(), Map.of());
            Reporter reporter = new Reporter(new Reporter.Origin(() -> host, () -> 7), spool, gaps, () -> now[0]);
            for (int minute = 0; minute < minutes; minute++) {
                now[0] = first.plus(Duration.ofMinutes(minute));
                reporter.accept(minute(id, now[0].getEpochSecond() / 60));
            }
            reporter.accept(new Folded(List.of(), List.of(), List.of())); // tells the last gaps
            String token = requests.token(new Identity.Agent(id));
            HttpPost post = new HttpPost(() -> requests.uri("/"), () -> token, Optional.empty());
            try (Sender sender = new Sender(spool, post, InstantSource.system())) {
                sender.start();
                server.await("the spool to be empty", () -> spool.counters().waiting() == 0);
            }
        }
        return told(name, minutes);
    }

    private static Folded minute(HostId host, long minute) {
        List<FlowObservations> flows = new ArrayList<>();
        for (int port = 1; port <= FLOWS; port++) {
            Flow flow = new Flow(
                    host,
                    0,
                    new Program(LONG_NAME + port, LONG_NAME + port, LONG_NAME + port),
                    Role.CLIENT,
                    Address.parse("10.77.0.1"),
                    Address.parse("10.78.0.1"),
                    port,
                    Transport.TCP);
            Observation one = new Observation(
                    minute,
                    1,
                    1,
                    0,
                    0,
                    null,
                    0,
                    0,
                    minute * 60_000,
                    minute * 60_000,
                    Set.of(Evidence.CONNECT),
                    List.of(),
                    0);
            flows.add(new FlowObservations(flow, List.of(one)));
        }
        Coverage coverage = new Coverage(minute, Rung.SOCK_DIAG, Coverage.WHOLE_MINUTE, FLOWS, 0, 0, 0, 0, 0);
        return new Folded(flows, List.of(), List.of(coverage));
    }

    private List<Minute> told(String name, int minutes) throws IOException, InterruptedException {
        List<Minute> told = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            Instant from = first.plus(Duration.ofMinutes(minute));
            Requests.Export export = requests.export(from, from.plusSeconds(60));
            HostWatch watch = export.coverage().hosts().stream()
                    .filter(each -> each.host().equals(name))
                    .findFirst()
                    .orElseThrow();
            long connections = export.dependencies().stream()
                    .filter(each -> name.equals(each.client().host()))
                    .mapToLong(Dependency::connections)
                    .sum();
            told.add(new Minute(watch.watchedSeconds(), watch.dropped(), connections));
        }
        return told;
    }
}
