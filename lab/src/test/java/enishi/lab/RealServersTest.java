package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.lab.Answered.Exported;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * nginx, PostgreSQL, Redis and Python programs from Debian's packages, on loopback and between two network namespaces,
 * all connections held open from the first test to the last.
 */
@Tag("root")
@ExtendWith(SharedEnishi.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class RealServersTest {
    private static final WebStack.Ports WELL_KNOWN = new WebStack.Ports(80, 8000, 5432, 6379, 53);
    private Answered answered;
    private Instant opened;

    @AutoClose
    private TwoNamespaces namespaces;

    @AutoClose
    private WebStack local;

    @AutoClose
    private WebStack apart;

    @BeforeAll
    void start(Enishi shared) throws Exception {
        answered = new Answered(shared);
        namespaces = new TwoNamespaces();
        apart = new WebStack(namespaces.near(), namespaces.far(), WELL_KNOWN);
        List<Integer> free = Sockets.freeBelowEphemeral(4);
        int names = Sockets.freeBelowEphemeral();
        local = new WebStack(
                Place.LOOPBACK,
                Place.LOOPBACK,
                new WebStack.Ports(free.get(0), free.get(1), free.get(2), free.get(3), names));
        opened = Instant.now();
    }

    @Test
    @Order(1)
    void onLoopbackEveryDependencyIsThereAndNoOther() throws Exception {
        answered.awaitTies(local.ties(), local.own());
    }

    @Test
    @Order(2)
    void betweenNamespacesEveryDependencyIsThereAndNoOther() throws Exception {
        answered.awaitTies(apart.ties(), apart.own());
    }

    @Test
    @Order(3)
    void bothEndsOfEachConnectionReportedIt() throws Exception {
        assertThat(answered.exported(local.own().or(apart.own())))
                .allSatisfy(
                        each -> assertThat(each.seenFrom()).as(each.toString()).isEqualTo(SeenFrom.BOTH));
    }

    @Test
    @Order(4)
    void noEphemeralPortStandsInTuplesOrJson() throws Exception {
        List<Exported> exported = answered.exported();
        List<List<String>> tuples = answered.lines("tuples").stream()
                .map(line -> List.of(line.split(" ", 6)))
                .toList();
        for (WebStack stack : List.of(local, apart)) {
            int ends = stack.ties().size();
            List<Integer> ephemeral = stack.ephemeralPorts();
            assertThat(ephemeral).hasSize(ends);
            Predicate<Dependency> own = stack.own();
            assertThat(exported)
                    .filteredOn(each -> own.test(each.dependency()))
                    .hasSize(ends)
                    .allSatisfy(each -> assertThat(each.withoutCounts().split("\\W+", -1))
                            .doesNotContainAnyElementsOf(
                                    ephemeral.stream().map(String::valueOf).toList()));
            assertThat(tuples)
                    .filteredOn(stack.ownTuple())
                    .hasSizeGreaterThanOrEqualTo(ends)
                    .allSatisfy(six -> assertThat(six.get(1)).isEqualTo("*"))
                    .allSatisfy(six -> assertThat(stack.ports().all()).contains(Integer.valueOf(six.get(3))));
        }
    }

    /** The first minute that ends with all connections open and long seen; they still are when it is asked about. */
    @Test
    @Order(5)
    void aPastMinuteAnswersForConnectionsThatAreStillOpen() throws Exception {
        Instant minute = opened.plusSeconds(10).truncatedTo(ChronoUnit.MINUTES);
        Instant next = minute.plus(1, ChronoUnit.MINUTES);
        Answered.await(true, () -> Instant.now().isAfter(next));
        Set<Tie> expected = local.ties();
        expected.addAll(apart.ties());
        expected.removeIf(tie -> !"appd".equals(tie.client()));
        Answered.await(
                expected,
                () -> Answered.ties(answered.dependencies("self/appd", "--at", minute.toString())
                        .items()));
        Answer<Dependency> answer = answered.dependencies("self/appd", "--at", minute.toString());
        assertThat(answer.from()).isEqualTo(minute);
        assertThat(answer.to()).isEqualTo(next);
        assertThat(answer.coverage().verdict()).isNotEqualTo(Verdict.NOT_WATCHED);
        assertThat(answer.items()).allSatisfy(each -> assertThat(each.active()).isEqualTo(1));
    }
}
