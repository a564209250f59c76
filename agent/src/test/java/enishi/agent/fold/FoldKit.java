package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.Capture;
import enishi.agent.capture.CaptureCounters;
import enishi.agent.capture.PortRange;
import enishi.agent.capture.SocketSeen;
import enishi.agent.capture.SocketState;
import enishi.agent.capture.TcpCounters;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.HostId;
import enishi.model.Rung;
import enishi.model.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of flows and sockets to feed it with, second by second. */
abstract class FoldKit {
    static final long START = 1_800_000_000_000L - 1_800_000_000_000L % 60_000;
    static final String HERE = "10.0.0.1";
    static final String THERE = "10.0.0.2";
    final FakeOwners owners = new FakeOwners();
    long now = START;
    CaptureCounters captured = new CaptureCounters(0, 0, 0, 0, 0, 0);
    FlowTable table = table(FoldLimits.DEFAULT);

    FlowTable table(FoldLimits limits) {
        return new FlowTable(
                new HostId(1, 2),
                owners,
                new Surroundings(
                        namespace -> PortRange.DEFAULT, (namespace, address) -> address.equals(Address.parse(HERE))),
                limits);
    }

    /** A socket being described; the rest as most sockets are. */
    record A(long key, SocketState state, String local, int localPort, String remote, int remotePort) {
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

    void poll(Capture... sockets) {
        table.beginPoll(now);
        List.of(sockets).forEach(table::take);
        table.endPoll();
        table.watched(now, Rung.SOCK_DIAG, captured, Long.MAX_VALUE);
        now += 1000;
    }

    FlowObservations onlyFlow() {
        Folded folded = table.flush();
        assertThat(folded.flows()).hasSize(1);
        return folded.flows().getFirst();
    }

    static TcpCounters moved(long sent, long received) {
        return new TcpCounters(sent, received, 150, 0, true, null);
    }

    long watchedSeconds() {
        return table.flush().coverage().stream()
                .mapToLong(Coverage::watchedSeconds)
                .reduce(0, (one, other) -> one | other);
    }
}
