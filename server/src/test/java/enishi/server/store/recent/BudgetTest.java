package enishi.server.store.recent;

import static enishi.server.store.Reports.MINUTE;
import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.FlowId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Transport;
import enishi.server.store.recent.Recent.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What memory takes by the heap's own count, not by what it says of itself. */
final class BudgetTest {
    private static final long MIB = 1 << 20;

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Observation with(Observation of, List<ProcessId> processes) {
        return new Observation(
                of.minute(),
                of.opened(),
                of.closed(),
                of.failed(),
                of.active(),
                of.traffic(),
                of.rttMicros(),
                of.retransmits(),
                of.firstSeenMillis(),
                of.lastSeenMillis(),
                of.evidence(),
                processes,
                of.moreProcesses());
    }

    private static List<ProcessId> processes(int number) {
        List<ProcessId> all = new ArrayList<>();
        for (int i = 0; i < Observation.PROCESSES_MAX; i++) {
            all.add(new ProcessId(number * 16 + i, number));
        }
        return List.copyOf(all);
    }

    /** A minute is told again and again while it goes on; each time others stood behind the flow. */
    @Test
    void whoStoodBehindRowsThatWereReplacedIsCounted() {
        Recent recent = new Recent(MINUTE, 4 * MIB);
        Flow flow = flow(1, 1);
        long id = FlowId.of(flow).value();
        long before = used();
        for (int sequence = 1; sequence <= 40_000; sequence++) {
            recent.put(id, flow, new Told(5, sequence), with(observation(0, 1), processes(sequence)));
            recent.trim();
        }
        long taken = used() - before;
        assertThat(taken).as("it says " + recent.bytes()).isLessThan(2 * 4 * MIB);
        assertThat(recent.wholeFrom()).isGreaterThanOrEqualTo(MINUTE);
    }

    /** One host tells of its past in a fleet whose flows have high numbers. */
    @Test
    void fewRowsOfManySlotsTakeLittle() {
        Recent recent = new Recent(MINUTE, 4 * MIB);
        for (int host = 0; host < 20_000; host++) {
            recent.put(host, flow(host, 1), new Told(5, 1), observation(0, 1));
        }
        long before = used();
        for (int slot = 1; slot <= 1_000; slot++) {
            recent.put(19_999, flow(19_999, 1), new Told(5, 1 + slot), observation(slot * 10, 1));
            recent.trim();
        }
        long taken = used() - before;
        assertThat(taken).as("it says " + recent.bytes()).isLessThan(2 * 4 * MIB);
        assertThat(recent.flows()).isPositive();
    }

    /** Names as long as the server takes them, each another's. */
    @Test
    void listenersOfLongNamesTakeNoMoreThanTheyMay() {
        ListenerSpans spans = new ListenerSpans(4 * MIB);
        long before = used();
        for (int port = 0; port < 16_000; port++) {
            Program program = new Program(name("a", port), name("b", port), name("c", port));
            Listener listener = new Listener(
                    flow(1, 1).host(), port, Address.ANY_V6, port % 65_535 + 1, Transport.TCP, false, program);
            spans.put(new Told(5, 1), new ListenerSpan(listener, null, 1, 2));
        }
        long taken = used() - before;
        assertThat(taken).isLessThan(2 * 4 * MIB);
        assertThat(spans.isWhole()).isFalse();
    }

    private static String name(String first, int port) {
        return first + "x".repeat(500) + port;
    }
}
