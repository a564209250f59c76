package enishi.wire;

import static java.util.stream.Collectors.toUnmodifiableSet;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Traffic;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One report on its way in. Every count is checked to be non-negative and every place to exist. */
final class ReportReader {
    private final enishi.wire.v1.Report wire;
    private final HostId hostId;
    private final List<Program> programs;
    private final List<Address> addresses;

    ReportReader(enishi.wire.v1.Report wire) {
        if (wire.getVersion() != ReportCodec.VERSION) {
            throw new IllegalArgumentException(
                    "version " + Integer.toUnsignedString(wire.getVersion()) + ", not " + ReportCodec.VERSION);
        }
        this.wire = wire;
        hostId = HostId.of(wire.getHost().getId().toByteArray());
        programs = wire.getProgramsList().stream().map(ReportReader::program).toList();
        addresses = wire.getAddressesList().stream()
                .map(each -> Address.of(each.toByteArray()))
                .toList();
    }

    Report read() {
        return new Report(
                host(wire.getHost()),
                wire.getIncarnation(),
                count(wire.getSequence()),
                count(wire.getSentAtMillis()),
                wire.getFlowsList().stream().map(this::flow).toList(),
                wire.getListenersList().stream().map(this::listener).toList(),
                wire.getCoverageList().stream().map(ReportReader::coverage).toList(),
                wire.getTranslationsList().stream().map(this::translation).toList());
    }

    private Host host(enishi.wire.v1.Host host) {
        List<HostAddress> at = host.getAddressesList().stream()
                .map(each -> new HostAddress(
                        count(each.getNamespace()), Address.of(each.getAddress().toByteArray())))
                .toList();
        return new Host(hostId, host.getName(), host.getBootId(), at, host.getLabelsMap());
    }

    private FlowObservations flow(enishi.wire.v1.Flow flow) {
        return new FlowObservations(
                new Flow(
                        hostId,
                        count(flow.getNamespace()),
                        flow.hasProgram() ? program(flow.getProgram()) : null,
                        WireEnums.read(flow.getRole()),
                        address(flow.getLocal()),
                        address(flow.getRemote()),
                        flow.getServerPort(),
                        WireEnums.read(flow.getTransport()),
                        flow.hasName() ? name(flow.getName()) : null),
                flow.getObservationsList().stream()
                        .map(ReportReader::observation)
                        .toList());
    }

    private static Observation observation(enishi.wire.v1.Observation observation) {
        return new Observation(
                count(observation.getMinute()),
                count(observation.getOpened()),
                count(observation.getClosed()),
                count(observation.getFailed()),
                count(observation.getActive()),
                observation.hasTraffic() ? traffic(observation.getTraffic()) : null,
                (int) count(observation.getRttMicros()),
                count(observation.getRetransmits()),
                count(observation.getFirstSeenMillis()),
                count(observation.getLastSeenMillis()),
                observation.getEvidenceList().stream().map(WireEnums::read).collect(toUnmodifiableSet()),
                observation.getProcessesList().stream()
                        .map(ReportReader::process)
                        .toList(),
                count(observation.getMoreProcesses()));
    }

    private static Traffic traffic(enishi.wire.v1.Traffic traffic) {
        return new Traffic(count(traffic.getClientBytes()), count(traffic.getServerBytes()));
    }

    private ListenerSpan listener(enishi.wire.v1.ListenerSpan span) {
        return new ListenerSpan(
                new Listener(
                        hostId,
                        count(span.getNamespace()),
                        address(span.getAddress()),
                        span.getPort(),
                        WireEnums.read(span.getTransport()),
                        span.getV6Only(),
                        span.hasProgram() ? program(span.getProgram()) : null,
                        span.hasSocket() ? name(span.getSocket()) : null),
                span.hasProcess() ? process(span.getProcess()) : null,
                count(span.getFirstSeenMillis()),
                count(span.getLastSeenMillis()));
    }

    private static Coverage coverage(enishi.wire.v1.Coverage coverage) {
        return new Coverage(
                count(coverage.getMinute()),
                WireEnums.read(coverage.getRung()),
                coverage.getWatchedSeconds(),
                count(coverage.getSeen()),
                count(coverage.getLost()),
                count(coverage.getDropped()),
                count(coverage.getUnknownOwner()),
                count(coverage.getUnseenPeers()),
                count(coverage.getUnaccounted()));
    }

    private TranslationMinutes translation(enishi.wire.v1.Translation translation) {
        return new TranslationMinutes(
                new Translation(
                        hostId,
                        count(translation.getNamespace()),
                        WireEnums.read(translation.getTransport()),
                        address(translation.getClient()),
                        address(translation.getAsked()),
                        translation.getAskedPort(),
                        address(translation.getServer()),
                        translation.getServerPort(),
                        address(translation.getSeenAs())),
                translation.getMinutesList().stream()
                        .map(each -> new TranslationMinute(
                                count(each.getMinute()),
                                count(each.getConnections()),
                                count(each.getTracked()),
                                count(each.getFirstSeenMillis()),
                                count(each.getLastSeenMillis())))
                        .toList());
    }

    private static ProcessId process(enishi.wire.v1.Process process) {
        return new ProcessId((int) count(process.getPid()), count(process.getStartTicks()));
    }

    private static Program program(enishi.wire.v1.Program program) {
        @Nullable String container = program.hasContainer() ? program.getContainer() : null;
        return new Program(program.getName(), program.getService(), container);
    }

    private Program program(int place) {
        return at(programs, place, "program");
    }

    private String name(int place) {
        return at(wire.getNamesList(), place, "name");
    }

    private Address address(int place) {
        return at(addresses, place, "address");
    }

    private static <T> T at(List<T> list, int place, String what) {
        if (place < 0 || place >= list.size()) {
            throw new IllegalArgumentException("no " + what + " at place " + Integer.toUnsignedString(place));
        }
        return list.get(place);
    }

    /** Java has no unsigned integers: what exceeds the signed range is refused rather than wrapped. */
    private static long count(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a count or time is out of range");
        }
        return value;
    }
}
