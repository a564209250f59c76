package enishi.agent.fold;

import enishi.agent.capture.Holder;
import enishi.agent.capture.KernelCounts;
import enishi.agent.capture.SocketHeld;
import enishi.agent.process.Owner;
import enishi.agent.process.Owners;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Transport;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what the kernel has folded. Nothing waits here, for the kernel knows process and role: of the connections
 * taken in, {@code in == folded + dropped}.
 */
final class KernelFlows {
    private static final Map<Role, Set<Evidence>> PROVED =
            new EnumMap<>(Map.of(Role.CLIENT, Set.of(Evidence.CONNECT), Role.SERVER, Set.of(Evidence.ACCEPT)));
    private static final Set<Evidence> ASKED_OF_LISTENER = Set.of(Evidence.CONNECT, Evidence.LISTENER);
    private final HostId host;
    private final Owners owners;
    private final Flows flows;
    private final AttemptPorts attemptPorts;
    private long in;
    private long folded;
    private long dropped;
    private long unknownOwner;
    private long open;

    KernelFlows(HostId host, Owners owners, Flows flows, AttemptPorts attemptPorts) {
        this.host = host;
        this.owners = owners;
        this.flows = flows;
        this.attemptPorts = attemptPorts;
    }

    /** Counts in this minute. @return whether the flow is new to whoever is reported to */
    boolean take(KernelCounts counts, long minute, long nowMillis) {
        long connections = counts.opened() + counts.adopted() + counts.failed();
        in += connections;
        open += counts.opened() + counts.adopted() - counts.closed();
        Holder holder = counts.holder();
        Program program = null;
        ProcessId process = null;
        if (holder.name().isEmpty()) {
            unknownOwner += connections;
        } else {
            Owner owner =
                    owners.named(new ProcessId(holder.pid(), holder.startTicks()), holder.name(), holder.cgroup());
            program = owner.program();
            process = holder.pid() == 0 ? null : owner.process();
        }
        Optional<FlowCounts> room = flows.of(flow(counts, program), minute, nowMillis);
        if (room.isEmpty()) {
            dropped += connections;
            return false;
        }
        folded += connections;
        FlowCounts flow = room.get();
        flow.proved(proof(counts));
        flow.counted(counts, process, nowMillis);
        return !flow.isReported();
    }

    /** A unix socket that somebody was asked for and nobody listens at is an attempt. */
    private static Set<Evidence> proof(KernelCounts counts) {
        return counts.transport() == Transport.UNIX && counts.opened() > 0
                ? ASKED_OF_LISTENER
                : PROVED.getOrDefault(counts.role(), Set.of());
    }

    /** Learns who holds a listener. @return true, for there is nothing to follow */
    boolean held(SocketHeld held) {
        owners.held(held.inode(), owner(held.holder()));
        return true;
    }

    /** Whatever is open over these transports will be told again. @return true, for there is nothing to follow */
    boolean forgetOpen(Set<Transport> transports) {
        flows.forgetOpen(transports);
        open = 0;
        return true;
    }

    private Owner owner(Holder holder) {
        return owners.named(new ProcessId(holder.pid(), holder.startTicks()), holder.name(), holder.cgroup());
    }

    private Flow flow(KernelCounts counts, @Nullable Program program) {
        int port = counts.failed() == 0
                ? counts.serverPort()
                : attemptPorts.fold(counts.holder().name(), counts.namespace(), counts.remote(), counts.serverPort());
        return new Flow(
                host,
                counts.namespace(),
                program,
                counts.role(),
                counts.local(),
                counts.remote(),
                port,
                counts.transport(),
                counts.name());
    }

    long in() {
        return in;
    }

    long folded() {
        return folded;
    }

    long dropped() {
        return dropped;
    }

    /** How many are open now. */
    int open() {
        return (int) Math.max(0, open);
    }

    long unknownOwner() {
        return unknownOwner;
    }
}
