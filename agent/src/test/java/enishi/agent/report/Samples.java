package enishi.agent.report;

import enishi.agent.fold.Folded;
import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolRecord;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small pieces of reports. */
final class Samples {
    static final HostId HOST_ID = new HostId(1, 2);
    static final Host HOST = new Host(HOST_ID, "web1", "boot", List.of(), Map.of("site", "tokyo"));
    static final long MINUTE = 29_000_000;

    private Samples() {}

    static FlowObservations flow(int port, long opened, long... minutes) {
        Flow flow = new Flow(
                HOST_ID,
                0,
                new Program("nginx", "nginx.service", null),
                Role.CLIENT,
                Address.parse("10.0.0.1"),
                Address.parse("10.0.0.2"),
                port,
                Transport.TCP);
        List<Observation> observations = new ArrayList<>();
        for (long minute : minutes) {
            observations.add(
                    new Observation(minute, opened, 0, 0, 1, null, 0, 0, 1, 2, Set.of(Evidence.CONNECT), List.of(), 0));
        }
        return new FlowObservations(flow, observations);
    }

    static ListenerSpan listener(int port) {
        return new ListenerSpan(new Listener(HOST_ID, 0, Address.ANY_V4, port, Transport.TCP, false, null), null, 1, 2);
    }

    static Coverage coverage(long minute) {
        return new Coverage(minute, Rung.SOCK_DIAG, 0b111, 5, 0, 0, 0, 0, 4);
    }

    static Folded folded(List<FlowObservations> flows, Coverage... coverage) {
        return new Folded(flows, List.of(), List.of(coverage));
    }

    static Report report(byte[] bytes) {
        try {
            return ReportCodec.decode(bytes);
        } catch (MalformedReportException e) {
            throw new AssertionError("a report of ours cannot be read", e);
        }
    }

    /** Acknowledges and gives everything that waits. */
    static List<Report> drain(Spool spool) {
        List<Report> all = new ArrayList<>();
        Optional<SpoolRecord> next = spool.peek();
        while (next.isPresent()) {
            all.add(report(next.get().bytes()));
            spool.acknowledge(next.get());
            next = spool.peek();
        }
        return all;
    }
}
