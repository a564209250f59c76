package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.NetworkNamespace;
import enishi.agent.kernel.ReceivedWords;
import enishi.agent.kernel.SockDiagSockets.Notices;
import enishi.model.Address;
import enishi.model.HostAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The network namespaces being watched: entered once each, left when no process is in there. */
final class Namespaces implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Namespaces.class.getName());
    private final ReceivedWords words = new ReceivedWords();
    private final Path proc;
    private final NamespaceScan scan;
    private final long own;
    private final Notices notices;
    private final NatWatch nat;
    private final Map<Long, WatchedNamespace> watched = new LinkedHashMap<>();
    private final Set<Long> refused = new HashSet<>();
    private List<HostAddress> addresses = List.of();
    private Map<Long, Path> entrances = Map.of();
    private long dropsOfLeft;

    /**
     * Enters the agent's own; the others follow.
     *
     * @param notices which closed sockets the kernel is to tell of
     */
    Namespaces(Path proc, Notices notices) throws IOException, KernelException {
        this.proc = proc;
        this.notices = notices;
        nat = new NatWatch(this, proc);
        scan = new NamespaceScan(proc);
        own = scan.own();
        watched.put(own, WatchedNamespace.open(new WatchedNamespace.Which(0, true), proc, words, notices));
    }

    /** What they translate, for the rung that is at work to poll. */
    NatWatch nat() {
        return nat;
    }

    Collection<WatchedNamespace> watched() {
        return watched.values();
    }

    /** How many namespaces could not be entered for want of privilege. */
    int refused() {
        return refused.size();
    }

    /**
     * Enters what is new and leaves what is empty.
     *
     * @param left told the number of each namespace left
     * @return whether any is new, and with it addresses
     */
    boolean refresh(boolean fromStart, LongConsumer left) throws IOException {
        Map<Long, Path> all = scan.all();
        entrances = all;
        Set<Long> before = Set.copyOf(watched.keySet());
        refused.retainAll(all.keySet());
        all.forEach((inode, process) -> {
            if (!watched.containsKey(inode) && !refused.contains(inode)) {
                enter(inode, process.resolve("ns/net"), fromStart);
            }
        });
        watched.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey() != own && !all.containsKey(entry.getKey());
            if (gone) {
                leave(entry.getValue());
                left.accept(entry.getValue().which().number());
            }
            return gone;
        });
        track();
        return !before.containsAll(watched.keySet());
    }

    /** Opens connection tracking where the kernel has begun it since the namespace was entered. */
    private void track() {
        if (watched.values().stream().noneMatch(each -> each.tracking().isAbsent()) || !Tracking.isThere(proc)) {
            return;
        }
        watched.forEach((inode, each) -> {
            if (each.tracking().isAbsent()) {
                Path process = inode == own ? proc.resolve("self") : entrances.get(inode);
                track(each, process);
            }
        });
    }

    private void track(WatchedNamespace each, @Nullable Path process) {
        try {
            if (process != null) {
                NetworkNamespace.inside(
                        process.resolve("ns/net"), () -> each.tracking().open(words, proc));
            }
        } catch (KernelException e) {
            LOG.log(Level.DEBUG, "a namespace is entered again later: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enter(long inode, Path file, boolean fromStart) {
        WatchedNamespace.Which which = new WatchedNamespace.Which(inode, fromStart);
        try {
            watched.put(inode, NetworkNamespace.inside(file, () -> WatchedNamespace.open(which, proc, words, notices)));
        } catch (KernelException e) {
            refused.add(inode);
            LOG.log(Level.INFO, "network namespace {0} is not watched: {1}", Long.toString(inode), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(WatchedNamespace namespace) {
        try {
            dropsOfLeft += namespace.sockets().drops();
        } catch (KernelException e) {
            LOG.log(
                    Level.WARNING,
                    "what network namespace {0} lost is not known: {1}",
                    namespace.which().number(),
                    e.getMessage());
        }
        namespace.close();
    }

    /**
     * For each namespace watched, the folder under /proc of a process that was in it at the last look.
     *
     * @return by number, 0 for the agent's own
     */
    Map<Long, Path> entrances() {
        Map<Long, Path> found = new HashMap<>();
        entrances.forEach((inode, process) -> {
            if (watched.containsKey(inode)) {
                found.put(number(inode), process);
            }
        });
        found.put(0L, proc.resolve("self"));
        return found;
    }

    /** How many TCP sockets of each namespace are asking and have no answer yet, by number. */
    Map<Long, Long> connecting() throws KernelException {
        Map<Long, Long> found = new HashMap<>();
        for (WatchedNamespace each : watched.values()) {
            found.put(each.which().number(), each.sockets().connecting());
        }
        return found;
    }

    /** How a namespace is numbered in what is reported: 0 for the agent's own. */
    long number(long inode) {
        return inode == own ? 0 : inode;
    }

    /** The address from which a namespace talks to another; empty where it is not watched or no way leads there. */
    Optional<Address> towards(long number, Address remote) throws KernelException {
        WatchedNamespace there = watched.get(number == 0 ? own : number);
        return there == null ? Optional.empty() : there.addresses().towards(remote);
    }

    /** The ports that clients in a namespace get; those of the agent's own for one that is not watched. */
    PortRange ephemeralPorts(long namespace) {
        long inode = namespace == 0 ? own : namespace;
        WatchedNamespace there = watched.getOrDefault(inode, watched.get(own));
        return there == null ? PortRange.DEFAULT : there.ephemeralPorts();
    }

    /** How many closed sockets the kernel could not tell of since the start, in namespaces left as well. */
    long drops() throws KernelException {
        long drops = dropsOfLeft;
        for (WatchedNamespace each : watched.values()) {
            drops += each.sockets().drops();
        }
        return drops;
    }

    List<HostAddress> addresses() {
        return addresses;
    }

    void refreshAddresses() throws KernelException {
        List<HostAddress> found = new ArrayList<>();
        for (WatchedNamespace namespace : watched.values()) {
            for (Address address : namespace.addresses().read()) {
                found.add(new HostAddress(namespace.which().number(), address));
            }
        }
        addresses = List.copyOf(found);
    }

    @Override
    public void close() {
        watched.values().forEach(WatchedNamespace::close);
    }
}
