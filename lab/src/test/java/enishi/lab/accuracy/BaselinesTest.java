package enishi.lab.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The methods that Enishi is held against, on tables and conversations written down by hand. */
class BaselinesTest {
    private static final Addresses ADDRESSES =
            new Addresses(Map.of("10.0.0.1", "web1", "10.0.0.2", "app1", "10.0.0.3", "db1"));
    private static final String CLIENT = "tcp 01 10.0.0.1 40000 10.0.0.2 8000 7 nginx";
    private static final String LISTENER = "tcp 0A 0.0.0.0 8000 0.0.0.0 0 9 appd";
    private static final String ACCEPTED = "tcp 01 10.0.0.2 8000 10.0.0.1 40000 9 appd";
    private static final Map<NsdMiner.Service, String> PROGRAMS = Map.of(
            new NsdMiner.Service("app1", "tcp", 8000), "appd", new NsdMiner.Service("app1", "tcp", 8001), "admind");
    private static final Seen WEB = new Seen("web1", "nginx", "app1", "appd", "tcp", 8000);

    private static Set<Seen> told(Polling rule, List<String> onWeb, List<String> onApp) {
        return rule.tell(Map.of("web1", Reading.of(onWeb), "app1", Reading.of(onApp)), ADDRESSES);
    }

    @Test
    void bothEndsOfAnOpenConnectionAreNamed() {
        List<String> onApp = List.of("poll 1", LISTENER, ACCEPTED);
        for (Polling each : List.of(Polling.shawk(), Polling.established(1))) {
            assertThat(told(each, List.of("poll 1", CLIENT), onApp)).containsExactly(WEB);
        }
    }

    /** TIME_WAIT has no process, and its listener is gone: what was asked then looks as if it had asked. */
    @Test
    void shawkTurnsWhatIsLeftOfAConnectionRoundWhereItsListenerIsGone() {
        List<String> onApp = List.of("poll 1", "tcp 06 10.0.0.2 8000 10.0.0.1 40000 0 ?");
        assertThat(told(Polling.shawk(), List.of("poll 1"), onApp))
                .containsExactly(new Seen("app1", "?", "web1", "?", "tcp", 40_000));
        assertThat(told(Polling.established(1), List.of("poll 1"), onApp)).isEmpty();
    }

    @Test
    void shawkReadsNeitherUdpNorIpv6() {
        List<String> onWeb = List.of(
                "poll 1",
                "udp 01 10.0.0.1 40000 10.0.0.2 53 7 nginx",
                "tcp6 01 ::ffff:10.0.0.1 40001 ::ffff:10.0.0.2 8001 7 nginx");
        assertThat(told(Polling.shawk(), onWeb, List.of())).isEmpty();
        assertThat(told(Polling.established(1), onWeb, List.of()))
                .containsExactlyInAnyOrder(
                        new Seen("web1", "nginx", "app1", "?", "udp", 53),
                        new Seen("web1", "nginx", "app1", "?", "tcp", 8001));
    }

    @Test
    void whatLivesBetweenTwoReadingsIsMissed() {
        List<String> onWeb = List.of("poll 1", "poll 2", CLIENT, "poll 3");
        List<String> onApp = List.of("poll 1", LISTENER, "poll 2", LISTENER, ACCEPTED, "poll 3", LISTENER);
        assertThat(told(Polling.established(1), onWeb, onApp)).containsExactly(WEB);
        assertThat(told(Polling.established(10), onWeb, onApp)).isEmpty();
    }

    private static Conversation talk(int from, int until, String source, String destination, int port) {
        return new Conversation(from, until, "tcp", source, 40_000, destination, port, 2, 3, 3, true, false);
    }

    @Test
    void theFirstPacketTellsWhoAskedUnlessNobodyAccepts() {
        Conversation refused = new Conversation(1, 2, "tcp", "10.0.0.1", 40_000, "10.0.0.3", 9, 2, 1, 1, false, true);
        assertThat(FirstPacket.tell(List.of(talk(1, 9, "10.0.0.1", "10.0.0.2", 8000), refused), ADDRESSES))
                .containsExactly(new Seen("web1", "?", "app1", "?", "tcp", 8000));
    }

    @Test
    void aConversationWithinAnotherIsADependency() {
        List<Conversation> nested =
                List.of(talk(1, 9, "10.0.0.1", "10.0.0.2", 8000), talk(3, 5, "10.0.0.2", "10.0.0.3", 5432));
        List<Conversation> apart =
                List.of(talk(1, 2, "10.0.0.1", "10.0.0.2", 8000), talk(3, 5, "10.0.0.2", "10.0.0.3", 5432));
        Seen database = new Seen("app1", "appd", "db1", "?", "tcp", 5432);
        assertThat(NsdMiner.exclusive(PROGRAMS).tell(nested, ADDRESSES)).containsExactly(database);
        assertThat(NsdMiner.exclusive(PROGRAMS).tell(apart, ADDRESSES)).isEmpty();
    }

    @Test
    void whatLiesWithinTwoServicesCountsForNeitherOrForBoth() {
        List<Conversation> wire = List.of(
                talk(1, 9, "10.0.0.1", "10.0.0.2", 8000),
                talk(1, 9, "10.0.0.1", "10.0.0.2", 8001),
                talk(3, 5, "10.0.0.2", "10.0.0.3", 5432));
        assertThat(NsdMiner.exclusive(PROGRAMS).tell(wire, ADDRESSES)).isEmpty();
        assertThat(NsdMiner.shared(PROGRAMS).tell(wire, ADDRESSES))
                .extracting(Seen::clientProgram)
                .containsExactlyInAnyOrder("appd", "admind");
    }
}
