package enishi.lab.bench;

import enishi.agent.capture.CaptureException;
import enishi.agent.capture.CaptureRung;
import enishi.agent.capture.Ladder;
import enishi.agent.container.ContainerNames;
import enishi.agent.fold.FlowTable;
import enishi.agent.fold.FoldLimits;
import enishi.agent.fold.Surroundings;
import enishi.agent.process.ProcOwners;
import enishi.model.HostId;
import enishi.model.Rung;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One agent's watching half without its spool: a line on stdin makes one poll, folded as the agent folds it, and prints
 * {@code CPU-nanoseconds allocated-bytes connections}. The rung's name is the only argument.
 */
final class PollCost {
    private final CaptureRung rung;
    private final ProcOwners owners = new ProcOwners(Path.of("/proc"), ContainerNames.NONE);
    private final InstantSource clock = InstantSource.system();
    private final FlowTable table;

    private PollCost(Rung which) throws CaptureException {
        rung = new Ladder(Path.of("/proc"), clock, Ladder.Extras.NONE).open(Optional.of(which));
        table = new FlowTable(
                HostId.random(new SecureRandom()),
                owners,
                new Surroundings(rung::ephemeralPorts, (namespace, address) -> false),
                FoldLimits.DEFAULT);
    }

    public static void main(String[] arguments) throws CaptureException, IOException {
        Rung which = Rung.valueOf(arguments[0]);
        PollCost cost = new PollCost(which);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                long bytes = threads.getCurrentThreadAllocatedBytes();
                long nanos = threads.getCurrentThreadCpuTime();
                cost.step();
                long spent = threads.getCurrentThreadCpuTime() - nanos;
                long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
                System.out.println(
                        spent + " " + allocated + " " + cost.table.counters().connections());
            }
        }
    }

    private void step() throws CaptureException {
        table.beginPoll(clock.millis());
        rung.poll(table, table.wantsCounters());
        owners.search();
        table.endPoll();
        table.watched(clock.millis(), rung.rung(), rung.counters(), rung.deliveredMillis());
    }
}
