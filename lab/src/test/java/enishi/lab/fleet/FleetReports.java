package enishi.lab.fleet;

import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A fleet as its agents report it: each host once a minute. */
public final class FleetReports {
    private static final long INCARNATION = 7;
    private final Fleet fleet;
    private final Map<Integer, List<Half>> halves = new HashMap<>();

    /** One end of a dependency. */
    private record Half(int dependency, Role role, Flow flow) {}

    public FleetReports(Fleet fleet) {
        this.fleet = fleet;
    }

    /** What a host reports of a minute; the sequence is the minute, so a report made again is the same report. */
    public Report of(int host, long minute) {
        List<FlowObservations> flows = new ArrayList<>();
        for (Half each : halves.computeIfAbsent(host, this::halves)) {
            if (((fleet.minutes(each.dependency(), minute / 60) >>> (minute % 60)) & 1) != 0) {
                flows.add(new FlowObservations(
                        each.flow(), List.of(fleet.observation(each.dependency(), each.role(), minute))));
            }
        }
        Coverage coverage = new Coverage(minute, Rung.EBPF, Coverage.WHOLE_MINUTE, flows.size(), 0, 0, 0, 0, 0);
        long sent = (minute + 1) * 60_000;
        return new Report(fleet.host(host), INCARNATION, minute, sent, flows, List.of(), List.of(coverage));
    }

    /** What a host tells once: who listens, since when, and what it watched in an hour without telling of any flow. */
    public Report ofListeners(int host, long firstMinute, long lastMinute) {
        List<ListenerSpan> listeners = new ArrayList<>();
        for (int program = 0; program < Fleet.PROGRAMS; program++) {
            String name = "prog-" + program;
            listeners.add(new ListenerSpan(
                    new Listener(
                            fleet.id(host),
                            0,
                            Fleet.address(host),
                            1_000 + program,
                            Transport.TCP,
                            false,
                            new Program(name, name + ".service", null)),
                    new ProcessId(1_000 + program, 50_000 + program * 77L),
                    firstMinute * 60_000,
                    lastMinute * 60_000 + 59_999));
        }
        return new Report(
                fleet.host(host), INCARNATION, firstMinute, lastMinute * 60_000, List.of(), listeners, List.of());
    }

    /** What a host watched in an hour, without any flow. */
    public Report ofCoverage(int host, long hour) {
        List<Coverage> minutes = new ArrayList<>();
        for (long minute = hour * 60; minute < hour * 60 + 60; minute++) {
            minutes.add(new Coverage(minute, Rung.EBPF, Coverage.WHOLE_MINUTE, 100, 0, 0, 0, 0, 0));
        }
        long last = hour * 60 + 59;
        return new Report(fleet.host(host), INCARNATION, last, last * 60_000, List.of(), List.of(), minutes);
    }

    private List<Half> halves(int host) {
        List<Half> all = new ArrayList<>();
        for (int each : fleet.dependencies(host)) {
            all.add(new Half(each, Role.CLIENT, fleet.clientFlow(each)));
        }
        for (int each : fleet.dependents(host)) {
            all.add(new Half(each, Role.SERVER, fleet.serverFlow(each)));
        }
        return all;
    }
}
