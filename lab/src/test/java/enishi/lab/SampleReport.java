package enishi.lab;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A report of one flow in one minute. */
final class SampleReport {
    private SampleReport() {}

    static Report of(HostId host, String program, long minute, long sentAtMillis) {
        Flow flow = new Flow(
                host,
                0,
                new Program(program, program, null),
                Role.CLIENT,
                Address.parse("10.77.0.1"),
                Address.parse("10.78.0.1"),
                443,
                Transport.TCP);
        Observation observation = new Observation(
                minute,
                7,
                7,
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
        return new Report(
                new Host(host, "web1", "boot", List.of(), Map.of()),
                3,
                1,
                sentAtMillis,
                List.of(new FlowObservations(flow, List.of(observation))),
                List.of(),
                List.of(new Coverage(minute, Rung.PROC, 1, 1, 0, 0, 0, 0, 0)));
    }
}
