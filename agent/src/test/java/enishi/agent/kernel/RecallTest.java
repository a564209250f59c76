package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.KernelFold.Room;
import enishi.agent.kernel.RecallPlace.Done;
import enishi.agent.kernel.RecallPlace.Opens;
import enishi.agent.kernel.RecallWatch.Side;
import enishi.agent.kernel.RecallWatch.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether every connection is told, exactly once by each end, whatever its lifetime and however many there are. With
 * {@code -Denishi.recall.connections=1000000} so many in all.
 */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecallTest {
    private static final long ALL = Long.getLong("enishi.recall.connections", 0);
    private static final List<Integer> FAMILIES = List.of(4, 6, 46);
    private static final List<Integer> RATES = List.of(1_000, 10_000, 0);
    private static final List<Integer> LIFETIMES = List.of(100, 1_000, 10_000, 100_000, 1_000_000);
    private static final String CLIENT = "recall client";
    private static final String SERVER = "recall-server";

    /** Beyond this many a peer of an unconnected socket may have been forgotten when it comes again. */
    private static final long PEERS_KEPT = 3_000;

    private final RecallPlace place;
    private final RecallWatch watch;

    RecallTest() throws Exception {
        place = new RecallPlace();
        watch = RecallWatch.ofAll(place);
    }

    @AfterAll
    void end() throws Exception {
        watch.close();
        place.close();
    }

    enum Kind {
        TCP(""),
        CONNECTED_UDP("--udp"),
        UNCONNECTED_UDP("--udp --unconnected");

        private final String options;

        Kind(String options) {
            this.options = options;
        }
    }

    record Case(Kind kind, int family, int rate, int lifetimeMicros) {
        long count() {
            return ALL == 0 ? (rate == 1_000 ? 700 : 3_000) : Math.ceilDiv(ALL, cases().count());
        }

        Done run(RecallPlace place) throws Exception {
            List<String> words = new ArrayList<>(List.of("load", "--client", CLIENT, "--server", SERVER));
            words.addAll(kind.options
                    .lines()
                    .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                    .toList());
            Map<String, Number> numbers = Map.of(
                    "--family",
                    family,
                    "--rate",
                    rate,
                    "--lifetime",
                    lifetimeMicros,
                    "--count",
                    count(),
                    "--addresses",
                    RecallPlace.ADDRESSES);
            numbers.forEach((name, number) -> words.addAll(List.of(name, number.toString())));
            return place.does(words.toArray(String[]::new));
        }
    }

    /** All combinations; in the short form every lifetime with every family and every rate, but not with both. */
    static Stream<Case> cases() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> IntStream.range(0, FAMILIES.size())
                        .boxed()
                        .flatMap(family -> IntStream.range(0, LIFETIMES.size())
                                .boxed()
                                .flatMap(lifetime -> IntStream.range(0, RATES.size())
                                        .filter(rate -> ALL > 0 || isOfShortForm(kind, family, lifetime, rate))
                                        .mapToObj(rate -> new Case(
                                                kind,
                                                FAMILIES.get(family),
                                                RATES.get(rate),
                                                LIFETIMES.get(lifetime))))));
    }

    private static boolean isOfShortForm(Kind kind, int family, int lifetime, int rate) {
        return rate == (family + lifetime) % RATES.size()
                && (kind == Kind.TCP || family == (lifetime + (kind == Kind.CONNECTED_UDP ? 1 : 2)) % FAMILIES.size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyConnectionIsToldByBothEnds(Case each) throws Exception {
        Losses lost = watch.losses();
        Opens before = place.opens();
        Done done = each.run(place);
        Opens opens = place.opens().since(before);
        Map<Side, Sum> told = watch.take();
        boolean udp = each.kind != Kind.TCP;
        int port = (int) done.number("port");
        Side client = new Side(udp, true, port, CLIENT, (int) done.number("client"));
        Side server = new Side(udp, false, port, SERVER, (int) done.number("servers"));
        long made = done.number("made");
        assertThat(made).isEqualTo(each.count());
        assertThat(told).as(done.line()).containsOnlyKeys(client, server);
        if (udp) {
            assertThat(told.get(client)).isEqualTo(Sum.whole(made, 0, 0));
            Sum heard = told.getOrDefault(server, Sum.whole(0, 0, 0));
            assertThat(heard).isEqualTo(Sum.whole(heard.opened(), 0, 0));
            assertThat(heard.opened())
                    .isBetween(done.number("peers"), made <= PEERS_KEPT ? done.number("peers") : made);
        } else {
            assertThat(opens).isEqualTo(new Opens(made, made));
            assertThat(told)
                    .as("%s, %s before", watch.losses(), lost)
                    .containsEntry(client, Sum.whole(made, done.number("sent"), done.number("received")))
                    .containsEntry(server, Sum.whole(made, done.number("server_sent"), done.number("server_received")));
        }
        assertThat(watch.losses()).isEqualTo(lost);
    }

    /** The reader stands still meanwhile: for three seconds here, for half a minute where a million are asked for. */
    @Test
    void whatFindsNoRoomIsCounted() throws Exception {
        String count = ALL == 0 ? "3000" : "30000";
        try (RecallWatch narrow = new RecallWatch(place, place.cgroup(), new Room(64, 16, 4096), 0, false)) {
            Done done = place.does("load", "--count", count, "--rate", "1000", "--addresses", "3000");
            tellsOrLoses(narrow, 2 * done.number("made"));
            place.does("load", "--count", "50", "--addresses", "20");
            assertThat(narrow.take().values().stream().mapToLong(Sum::opened)).containsExactly(50L, 50L);
        }
    }

    @Test
    void whatFindsNoRoomIsCountedThoughItWasSweptWhileOpen() throws Exception {
        try (RecallWatch narrow = new RecallWatch(place, place.cgroup(), new Room(64, 16, 4096), 50, false)) {
            Done done = place.does("load", "--count", "3000", "--addresses", "3000", "--lifetime", "300000");
            tellsOrLoses(narrow, 2 * done.number("made"));
        }
    }

    private static void tellsOrLoses(RecallWatch narrow, long ends) throws Exception {
        Losses losses = narrow.losses();
        Sum told = narrow.take().values().stream().reduce(Sum.whole(0, 0, 0), Sum::plus);
        assertThat(losses.opened()).isBetween(1L, ends - 1);
        assertThat(told.opened() + losses.opened()).isEqualTo(ends);
        assertThat(told.closed() + losses.closed() + losses.opened()).isEqualTo(ends);
        assertThat(told.adopted()).isZero();
    }
}
