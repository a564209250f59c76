package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.Capture;
import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.PortRange;
import enishi.agent.capture.SocketCounted;
import enishi.agent.capture.SocketGone;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.model.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private static final long START = 1_800_000_000_000L - 1_800_000_000_000L % 60_000;
    private static final String HERE = "10.0.0.1";
    private static final String THERE = "10.0.0.2";
    private final FakeOwners owners = new FakeOwners();
    private long now = START;
    private FlowTable table = table(FoldLimits.DEFAULT);

    private FlowTable table(FoldLimits limits) {
        return new FlowTable(
                new HostId(1, 2),
                owners,
                new FlowTable.Surroundings(
                        namespace -> PortRange.DEFAULT, (namespace, address) -> address.equals(Address.parse(HERE))),
                limits);
    }

    /** A socket being described; the rest as most sockets are. */
    private record A(long key, SocketState state, String local, int localPort, String remote, int remotePort) {
        SocketSeen tcp(@Nullable TcpCounters counters) {
            return seen(Transport.TCP, 1, counters, false);
        }

        SocketSeen old(TcpCounters counters) {
            return seen(Transport.TCP, 1, counters, true);
        }

        SocketSeen udp(int polls) {
            return seen(Transport.UDP, polls, null, false);
        }

        private SocketSeen seen(Transport transport, int polls, @Nullable TcpCounters counters, boolean fromStart) {
            return new SocketSeen(
                    key,
                    0,
                    transport,
                    state,
                    Address.parse(local),
                    localPort,
                    Address.parse(remote),
                    remotePort,
                    false,
                    state == SocketState.CLOSED ? 0 : key,
                    0,
                    counters,
                    fromStart,
                    polls,
                    START);
        }
    }

    private void poll(Capture... sockets) {
        table.beginPoll(now);
        List.of(sockets).forEach(table::take);
        table.endPoll();
        table.watched(now, Rung.SOCK_DIAG, new CaptureCounters(0, 0, 0, 0));
        now += 1000;
    }

    private FlowObservations onlyFlow() {
        Folded folded = table.flush();
        assertThat(folded.flows()).hasSize(1);
        return folded.flows().getFirst();
    }

    private static TcpCounters moved(long sent, long received) {
        return new TcpCounters(sent, received, 150, 0, true, null);
    }

    @Test
    void manyEphemeralPortsAreOneFlow() {
        for (int i = 0; i < 100; i++) {
            owners.tell(i + 1, 7, "client");
            poll(new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null));
        }
        now = START + 30_000;
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().serverPort()).isEqualTo(80);
        assertThat(flow.flow().role()).isEqualTo(Role.CLIENT);
        Observation first = flow.observations().getFirst();
        assertThat(flow.observations().stream().mapToLong(Observation::opened).sum())
                .isEqualTo(100);
        assertThat(first.evidence()).containsExactly(Evidence.PORT);
    }

    @Test
    void aListenerMakesTheServerAndTheOtherEndTheClient() {
        owners.tell(1, 10, "server").tell(2, 10, "server").tell(3, 20, "client");
        poll(
                new A(1, SocketState.LISTENING, "0.0.0.0", 5432, "0.0.0.0", 0).tcp(null),
                new A(2, SocketState.OPEN, "127.0.0.1", 5432, "127.0.0.1", 51000).tcp(null),
                new A(3, SocketState.OPEN, "127.0.0.1", 51000, "127.0.0.1", 5432).tcp(null));
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows)
                .extracting(each -> each.flow().role() + " "
                        + (each.flow().program() == null
                                ? "?"
                                : each.flow().program().name()) + " "
                        + each.flow().serverPort() + " "
                        + each.observations().getFirst().evidence())
                .containsExactlyInAnyOrder("SERVER server 5432 [LISTENER]", "CLIENT client 5432 [LISTENER]");
    }

    /** A wildcard listener on 443 must not turn our own client of somebody else's 443 into a server. */
    @Test
    void aListenerOnTheSamePortAsARemoteServerChangesNothing() {
        owners.tell(1, 10, "nginx").tell(2, 11, "curl");
        poll(
                new A(1, SocketState.LISTENING, "::", 443, "::", 0).tcp(null),
                new A(2, SocketState.OPEN, HERE, 40000, THERE, 443).tcp(null));
        assertThat(onlyFlow().flow().role()).isEqualTo(Role.CLIENT);
    }

    /** The kernel's notice names no inode: the listener's program answered, the asking program is unknown. */
    @Test
    void aConnectionShorterThanAPollNamesTheServerAndCountsTheUnknownClient() {
        owners.tell(1, 10, "server");
        poll(new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null));
        poll(
                new A(2, SocketState.CLOSED, HERE, 80, THERE, 41000).tcp(moved(5, 3)),
                new A(3, SocketState.CLOSED, HERE, 42000, THERE, 90).tcp(moved(3, 5)));
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows).hasSize(2);
        for (FlowObservations each : flows) {
            Observation seen = each.observations().getFirst();
            assertThat(seen.opened()).isEqualTo(1);
            assertThat(seen.closed()).isEqualTo(1);
            assertThat(seen.active()).isZero();
            assertThat(seen.traffic()).isEqualTo(new Traffic(3, 5));
            assertThat(each.flow().program() == null).isEqualTo(each.flow().role() == Role.CLIENT);
        }
        assertThat(table.counters().unknownOwner()).isEqualTo(1);
    }

    @Test
    void aRefusedConnectIsAnAttempt() {
        poll(new A(1, SocketState.CLOSED, HERE, 40000, THERE, 81).tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        Observation seen = onlyFlow().observations().getFirst();
        assertThat(seen.isAttempt()).isTrue();
        assertThat(seen.failed()).isEqualTo(1);
    }

    @Test
    void aScanOfAllPortsIsAFewFlows() {
        table.beginPoll(now);
        for (int port = 1; port <= 65535; port++) {
            table.take(new A(port, SocketState.CLOSED, HERE, 40000, THERE, port)
                    .tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        }
        table.endPoll();
        List<FlowObservations> flows = table.flush().flows();
        assertThat(flows).hasSize(AttemptPorts.PORTS_MAX + 1);
        assertThat(flows.stream()
                        .mapToLong(each -> each.observations().getFirst().failed())
                        .sum())
                .isEqualTo(65535);
    }

    @Test
    void anOpenConnectionIsPresentInEveryMinute() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null));
        table.flush();
        now = START + 3 * 60_000;
        poll();
        now = START + 4 * 60_000;
        poll();
        List<Observation> seen = onlyFlow().observations();
        assertThat(seen)
                .extracting(Observation::minute)
                .containsExactly(START / 60_000, START / 60_000 + 3, START / 60_000 + 4);
        assertThat(seen).allSatisfy(each -> assertThat(each.active()).isEqualTo(1));
        assertThat(seen.getLast().opened()).isZero();
        assertThat(seen.getLast().processes()).hasSize(1);
    }

    /** Replaces by its minute: a second flush within the minute repeats what the first said and adds to it. */
    @Test
    void countsOfAMinuteAreAbsolute() {
        owners.tell(1, 7, "client").tell(2, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null));
        assertThat(onlyFlow().observations().getLast().opened()).isEqualTo(1);
        poll(new SocketGone(1, moved(1, 1)));
        table.flush();
        poll(new A(2, SocketState.OPEN, HERE, 40001, THERE, 80).tcp(null));
        Observation last = onlyFlow().observations().getLast();
        assertThat(last.opened()).isEqualTo(2);
        assertThat(last.closed()).isEqualTo(1);
        assertThat(last.active()).isEqualTo(1);
        assertThat(table.flush().flows()).isEmpty();
    }

    @Test
    void bytesOfAConnectionOlderThanTheAgentCountFromItsFirstReading() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).old(moved(1000, 2000)));
        poll(new SocketCounted(1, moved(1010, 2020)));
        Observation seen = onlyFlow().observations().getLast();
        assertThat(seen.opened()).isZero();
        assertThat(seen.active()).isEqualTo(1);
        assertThat(seen.traffic()).isEqualTo(new Traffic(10, 20));
    }

    /** getaddrinfo connects a UDP socket to each candidate address and sends nothing. */
    @Test
    void aUdpSocketThatOneDumpShowedProvesNothing() {
        poll(new A(1, SocketState.CLOSED, HERE, 40000, THERE, 443).udp(0));
        assertThat(onlyFlow().observations().getLast().evidence()).isEmpty();
    }

    @Test
    void aUdpSocketThatTwoDumpsShowedIsAConnection() {
        owners.tell(1, 7, "resolver");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 53).udp(1));
        assertThat(table.flush().flows()).isEmpty();
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 53).udp(2));
        assertThat(onlyFlow().observations().getLast().evidence()).containsExactly(Evidence.PORT);
    }

    @Test
    void atMostSixteenProcessesAreListedAndTheRestCounted() {
        for (int i = 1; i <= 40; i++) {
            owners.tell(i, 1000 + i, "job");
            table.beginPoll(now);
            table.take(new A(i, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null));
            table.endPoll();
        }
        Observation seen = onlyFlow().observations().getLast();
        assertThat(seen.processes()).hasSize(16);
        assertThat(seen.moreProcesses()).isEqualTo(24);
    }

    @Test
    void aFlowThatHasNoRoomIsCountedAsDropped() {
        table = table(new FoldLimits(100, 10, 5));
        for (int i = 1; i <= 20; i++) {
            poll(new A(i, SocketState.OPEN, HERE, 40000, "10.0.1." + i, 80).tcp(null));
        }
        FoldCounters counters = table.counters();
        assertThat(counters.in()).isEqualTo(20);
        assertThat(counters.dropped()).isEqualTo(15);
        assertThat(counters.folded() + counters.dropped() + counters.waiting()).isEqualTo(counters.in());
        assertThat(counters.flows()).isEqualTo(5);
        assertThat(table.flush().coverage().getLast().dropped()).isEqualTo(15);
    }

    /** The dump shows it again at every poll, which is not another loss. */
    @Test
    void aConnectionThereIsNoRoomToFollowIsCountedOnceAndItsEndIsStillTaken() {
        table = table(new FoldLimits(10, 10, 100));
        SocketSeen[] all = new SocketSeen[15];
        for (int i = 0; i < all.length; i++) {
            owners.tell(i + 1, 7, "client");
            all[i] = new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null);
        }
        poll(all);
        poll(all[10], all[11], all[12], all[13], all[14]);
        assertThat(table.counters().connections()).isEqualTo(10);
        assertThat(table.counters().unfollowed()).isEqualTo(5);
        assertThat(table.flush().coverage().getLast().dropped()).isEqualTo(5);
        poll(new A(15, SocketState.CLOSED, HERE, 40014, THERE, 80).tcp(moved(1, 1)));
        assertThat(onlyFlow().observations().getLast().opened()).isEqualTo(1);
    }

    /** Ten thousand connections to one service must not hide the first one to another. */
    @Test
    void aDependencyThatNoOtherConnectionShowsStillFindsRoom() {
        table = table(new FoldLimits(10, 10, 100));
        SocketSeen[] all = new SocketSeen[12];
        for (int i = 0; i < all.length; i++) {
            owners.tell(i + 1, 7, "client");
            all[i] = new A(i + 1, SocketState.OPEN, HERE, 40000 + i, THERE, 80).tcp(null);
        }
        poll(all);
        owners.tell(20, 8, "other");
        poll(new A(20, SocketState.OPEN, HERE, 41000, THERE, 5432).tcp(null));
        assertThat(table.flush().flows())
                .extracting(each -> each.flow().serverPort())
                .containsExactlyInAnyOrder(80, 5432);
        assertThat(table.counters().unfollowed()).isEqualTo(2);
    }

    /** Both ports look chosen by the kernel, and the listener was gone before a dump could show it. */
    @Test
    void countersProveWhoOpenedAConnectionWhoseListenerNobodySaw() {
        owners.tell(1, 10, "server").tell(2, 20, "client");
        poll(
                new A(1, SocketState.OPEN, "127.0.0.1", 40001, "127.0.0.1", 40002).tcp(null),
                new A(2, SocketState.OPEN, "127.0.0.1", 40002, "127.0.0.1", 40001).tcp(null));
        assertThat(table.flush().flows()).isEmpty();
        assertThat(table.wantsCounters()).isTrue();
        poll(
                new SocketCounted(1, new TcpCounters(5, 3, 9, 0, true, Role.SERVER)),
                new SocketCounted(2, new TcpCounters(3, 5, 9, 0, true, Role.CLIENT)));
        assertThat(table.wantsCounters()).isFalse();
        assertThat(table.flush().flows())
                .extracting(each -> each.flow().role() + " " + each.flow().serverPort() + " "
                        + each.observations().getFirst().evidence())
                .containsExactlyInAnyOrder("SERVER 40001 [ACCEPT]", "CLIENT 40001 [CONNECT]");
    }

    @Test
    void anAmbiguousRoleThatNothingProvesIsGuessedAfterAWhile() {
        owners.tell(1, 10, "program");
        SocketSeen socket = new A(1, SocketState.OPEN, HERE, 40001, THERE, 40002).tcp(null);
        poll(socket);
        poll();
        assertThat(table.flush().flows()).isEmpty();
        poll();
        assertThat(onlyFlow().observations().getFirst().evidence()).containsExactly(Evidence.PORT);
    }

    /** It listened, accepted and closed between two polls; the notice of its end comes after those of what it accepted. */
    @Test
    void aListenerThatLivedBetweenTwoPollsStillMakesTheServer() {
        poll(
                new A(1, SocketState.CLOSED, HERE, 40001, THERE, 40002).tcp(moved(5, 3)),
                new A(2, SocketState.CLOSED, "0.0.0.0", 40001, "0.0.0.0", 0).tcp(null));
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().role()).isEqualTo(Role.SERVER);
        assertThat(flow.flow().serverPort()).isEqualTo(40001);
        assertThat(table.flush().listeners()).isEmpty();
    }

    /** The kernel wipes the remote port of a blocking connect that was refused. */
    @Test
    void anAttemptWhosePortIsWipedIsStillCounted() {
        poll(new A(1, SocketState.CLOSED, "0.0.0.0", 40001, THERE, 0).tcp(new TcpCounters(0, 0, 0, 0, false, null)));
        FlowObservations flow = onlyFlow();
        assertThat(flow.flow().serverPort()).isZero();
        assertThat(flow.observations().getFirst().isAttempt()).isTrue();
    }

    private long watchedSeconds() {
        return table.flush().coverage().stream()
                .mapToLong(Coverage::watchedSeconds)
                .reduce(0, (one, other) -> one | other);
    }

    /** The first poll may show what is older; the second that lasts is not over. */
    @Test
    void secondsAreClaimedWholeAndNotBeforeTheFirstPoll() {
        now = START + 300;
        poll();
        assertThat(watchedSeconds()).isZero();
        poll();
        assertThat(watchedSeconds()).isZero();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b10);
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b110);
    }

    /** Should the agent die while a connection waits for its owner, the seconds in which it opened must be a gap. */
    @Test
    void noSecondIsClaimedBeforeItsConnectionsAreCounted() {
        poll();
        poll();
        owners.searching = true;
        SocketSeen socket = new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(null);
        poll(socket);
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b1);
        owners.searching = false;
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b11111);
    }

    /** An unanswered SYN may wait for minutes: nothing was opened yet. */
    @Test
    void aConnectThatIsNotAnsweredHoldsNoSecondBack() {
        poll();
        poll(new A(1, SocketState.CONNECTING, HERE, 40000, THERE, 80).tcp(null));
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b111);
    }

    /** A minute's row replaces the one before: a late second must not wipe the earlier ones out. */
    @Test
    void aSecondClaimedAfterItsMinuteKeepsTheOthers() {
        now = START + 57_000;
        poll();
        poll();
        poll();
        table.flush();
        poll();
        List<Coverage> late = table.flush().coverage();
        assertThat(late.getFirst().minute()).isEqualTo(START / 60_000);
        assertThat(late.getFirst().watchedSeconds()).isEqualTo(0b111L << 57);
    }

    @Test
    void aPauseIsAGap() {
        poll();
        poll();
        now += 10_000;
        poll();
        poll();
        assertThat(watchedSeconds()).isEqualTo(0b1 | 0b1L << 12);
    }

    /** Somebody asks it, so its port is no ephemeral one. */
    @Test
    void aUdpListenerThatIsAskedKeepsItsPort() {
        owners.tell(1, 7, "server").tell(2, 8, "client");
        poll(
                new A(1, SocketState.UNCONNECTED, "127.0.0.1", 40000, "0.0.0.0", 0).udp(1),
                new A(2, SocketState.OPEN, "127.0.0.1", 40001, "127.0.0.1", 40000).udp(2));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(40000);
    }

    @Test
    void aUdpListenerThatStaysKeepsItsPort() {
        owners.tell(1, 7, "server");
        poll(new A(1, SocketState.UNCONNECTED, "0.0.0.0", 40000, "0.0.0.0", 0).udp(1));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(0);
        now += 60_000;
        poll();
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsExactly(40000);
    }

    /** Asked and answered within the poll that first shows the listener. */
    @Test
    void aServerAskedBrieflyAsSoonAsItListensIsNamed() {
        owners.searching = true;
        owners.tell(1, 10, "server");
        poll(
                new A(1, SocketState.LISTENING, HERE, 80, "0.0.0.0", 0).tcp(null),
                new A(2, SocketState.CLOSED, HERE, 80, THERE, 41000).tcp(moved(5, 3)));
        assertThat(table.flush().flows()).isEmpty();
        owners.searching = false;
        poll();
        assertThat(onlyFlow().flow().program()).isNotNull();
    }

    @Test
    void bytesOfAnIdleConnectionAreKnownToBeNone() {
        owners.tell(1, 7, "client");
        poll(new A(1, SocketState.OPEN, HERE, 40000, THERE, 80).tcp(moved(1, 1)));
        table.flush();
        now = START + 60_000;
        poll();
        assertThat(onlyFlow().observations().getLast().traffic()).isEqualTo(new Traffic(0, 0));
    }

    @Test
    void udpSocketsOnPortsTheKernelChoseAreOneListener() {
        owners.tell(1, 7, "chatty").tell(2, 7, "chatty");
        poll(
                new A(1, SocketState.UNCONNECTED, "0.0.0.0", 40000, "0.0.0.0", 0).udp(1),
                new A(2, SocketState.UNCONNECTED, "0.0.0.0", 40001, "0.0.0.0", 0).udp(1));
        assertThat(table.flush().listeners())
                .extracting(each -> each.listener().port())
                .containsOnly(0);
    }
}
