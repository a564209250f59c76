package enishi.wire;

import com.google.protobuf.ByteString;
import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Traffic;
import enishi.model.Translation;
import enishi.model.TranslationMinutes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** One report on its way out: programs and addresses are written once and named by place. */
final class ReportWriter {
    private final Report report;
    private final Map<Program, Integer> programs = new LinkedHashMap<>();
    private final Map<Address, Integer> addresses = new LinkedHashMap<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();

    ReportWriter(Report report) {
        this.report = report;
    }

    enishi.wire.v1.Report write() {
        var wire = enishi.wire.v1.Report.newBuilder()
                .setVersion(ReportCodec.VERSION)
                .setHost(host(report.host()))
                .setIncarnation(report.incarnation())
                .setSequence(report.sequence())
                .setSentAtMillis(report.sentAtMillis());
        report.flows().forEach(each -> wire.addFlows(flow(each)));
        report.listeners().forEach(each -> wire.addListeners(listener(each)));
        report.coverage().forEach(each -> wire.addCoverage(coverage(each)));
        report.translations().forEach(each -> wire.addTranslations(translation(each)));
        programs.keySet().forEach(each -> wire.addPrograms(program(each)));
        addresses.keySet().forEach(each -> wire.addAddresses(bytes(each)));
        wire.addAllNames(names.keySet());
        return wire.build();
    }

    private static enishi.wire.v1.Host host(Host host) {
        var wire = enishi.wire.v1.Host.newBuilder()
                .setId(ByteString.copyFrom(host.id().bytes()))
                .setName(host.name())
                .setBootId(host.bootId())
                .putAllLabels(new TreeMap<>(host.labels()));
        host.addresses()
                .forEach(each -> wire.addAddresses(enishi.wire.v1.HostAddress.newBuilder()
                        .setNamespace(each.namespace())
                        .setAddress(bytes(each.address()))));
        return wire.build();
    }

    private enishi.wire.v1.Flow flow(FlowObservations each) {
        Flow flow = each.flow();
        var wire = enishi.wire.v1.Flow.newBuilder()
                .setNamespace(flow.namespace())
                .setRole(WireEnums.write(flow.role()))
                .setLocal(place(flow.local()))
                .setRemote(place(flow.remote()))
                .setServerPort(flow.serverPort())
                .setTransport(WireEnums.write(flow.transport()));
        if (flow.program() != null) {
            wire.setProgram(place(flow.program()));
        }
        if (flow.name() != null) {
            wire.setName(place(flow.name()));
        }
        each.observations().forEach(observation -> wire.addObservations(observation(observation)));
        return wire.build();
    }

    private static enishi.wire.v1.Observation observation(Observation observation) {
        var wire = enishi.wire.v1.Observation.newBuilder()
                .setMinute(observation.minute())
                .setOpened(observation.opened())
                .setClosed(observation.closed())
                .setFailed(observation.failed())
                .setActive(observation.active())
                .setRttMicros(observation.rttMicros())
                .setRetransmits(observation.retransmits())
                .setFirstSeenMillis(observation.firstSeenMillis())
                .setLastSeenMillis(observation.lastSeenMillis())
                .setMoreProcesses(observation.moreProcesses());
        Traffic traffic = observation.traffic();
        if (traffic != null) {
            wire.setTraffic(enishi.wire.v1.Traffic.newBuilder()
                    .setClientBytes(traffic.clientBytes())
                    .setServerBytes(traffic.serverBytes()));
        }
        observation.evidence().stream().sorted().forEach(each -> wire.addEvidence(WireEnums.write(each)));
        observation.processes().forEach(each -> wire.addProcesses(process(each)));
        return wire.build();
    }

    private enishi.wire.v1.ListenerSpan listener(ListenerSpan span) {
        var listener = span.listener();
        var wire = enishi.wire.v1.ListenerSpan.newBuilder()
                .setNamespace(listener.namespace())
                .setAddress(place(listener.address()))
                .setPort(listener.port())
                .setTransport(WireEnums.write(listener.transport()))
                .setV6Only(listener.v6Only())
                .setFirstSeenMillis(span.firstSeenMillis())
                .setLastSeenMillis(span.lastSeenMillis());
        if (listener.program() != null) {
            wire.setProgram(place(listener.program()));
        }
        if (listener.socket() != null) {
            wire.setSocket(place(listener.socket()));
        }
        if (span.process() != null) {
            wire.setProcess(process(span.process()));
        }
        return wire.build();
    }

    private static enishi.wire.v1.Coverage coverage(Coverage coverage) {
        return enishi.wire.v1.Coverage.newBuilder()
                .setMinute(coverage.minute())
                .setRung(WireEnums.write(coverage.rung()))
                .setWatchedSeconds(coverage.watchedSeconds())
                .setSeen(coverage.seen())
                .setLost(coverage.lost())
                .setDropped(coverage.dropped())
                .setUnknownOwner(coverage.unknownOwner())
                .setUnseenPeers(coverage.unseenPeers())
                .setUnaccounted(coverage.unaccounted())
                .build();
    }

    private enishi.wire.v1.Translation translation(TranslationMinutes each) {
        Translation translation = each.translation();
        var wire = enishi.wire.v1.Translation.newBuilder()
                .setNamespace(translation.namespace())
                .setTransport(WireEnums.write(translation.transport()))
                .setClient(place(translation.client()))
                .setAsked(place(translation.asked()))
                .setAskedPort(translation.askedPort())
                .setServer(place(translation.server()))
                .setServerPort(translation.serverPort())
                .setSeenAs(place(translation.seenAs()));
        each.minutes()
                .forEach(minute -> wire.addMinutes(enishi.wire.v1.TranslationMinute.newBuilder()
                        .setMinute(minute.minute())
                        .setConnections(minute.connections())
                        .setTracked(minute.tracked())
                        .setFirstSeenMillis(minute.firstSeenMillis())
                        .setLastSeenMillis(minute.lastSeenMillis())));
        return wire.build();
    }

    private static enishi.wire.v1.Process process(ProcessId process) {
        return enishi.wire.v1.Process.newBuilder()
                .setPid(process.pid())
                .setStartTicks(process.startTicks())
                .build();
    }

    private static enishi.wire.v1.Program program(Program program) {
        var wire = enishi.wire.v1.Program.newBuilder().setName(program.name()).setService(program.service());
        if (program.container() != null) {
            wire.setContainer(program.container());
        }
        return wire.build();
    }

    private static ByteString bytes(Address address) {
        return ByteString.copyFrom(address.bytes());
    }

    private int place(Program program) {
        return programs.computeIfAbsent(program, unseen -> programs.size());
    }

    private int place(String name) {
        return names.computeIfAbsent(name, unseen -> names.size());
    }

    private int place(Address address) {
        return addresses.computeIfAbsent(address, unseen -> addresses.size());
    }
}
