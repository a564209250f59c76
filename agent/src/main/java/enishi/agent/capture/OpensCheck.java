package enishi.agent.capture;

import enishi.model.Role;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Holds what was told against what the network stack itself counts, per network namespace ({@code /proc/PID/net/snmp};
 * include/uapi/linux/snmp.h, LINUX_MIB of TCP): the kernel's proof that nothing is missing.
 *
 * <pre>
 * ActiveOpens  = clients told as opened + attempts told + connecting now + unaccounted
 * PassiveOpens = servers told as opened + never accepted
 * </pre>
 *
 * <p>Both sides are differences since the first reading. The stack is read first, then what is open is swept, then
 * what was told is summed: so connections that open meanwhile can hide as many that are missing, and what two
 * comparisons do not both find missing is only on its way. A socket that nobody accepted has no process, and no
 * release: the client's end is told, and here it shows as never accepted, as do those still in the queue of their
 * listener. Connections of the kernel itself, and those of a socket that was disconnected to be used again, are
 * counted by the stack and told by nobody. TCP only.
 */
final class OpensCheck {
    private final Map<Long, Told> byNamespace = new HashMap<>();
    private long unaccountedOfLeft;
    private long neverAcceptedOfLeft;

    private static final class Told {
        long active;
        long passive;
        long activeBase = -1;
        long passiveBase;
        long activeBefore;
        long activeNow;
        long passiveNow;
        long unaccounted;
        long neverAccepted;
    }

    /** Takes note of what was told. */
    void told(KernelCounts counts) {
        if (counts.transport() == Transport.TCP) {
            Told told = byNamespace.computeIfAbsent(counts.namespace(), namespace -> new Told());
            if (counts.role() == Role.CLIENT) {
                told.active += counts.opened() + counts.failed();
            } else {
                told.passive += counts.opened();
            }
        }
    }

    /**
     * Reads the stack, before what is open is swept.
     *
     * @param entrances the folder of a process in each namespace, by the namespace's number
     */
    void read(Map<Long, Path> entrances) {
        List.copyOf(byNamespace.keySet()).stream()
                .filter(namespace -> !entrances.containsKey(namespace))
                .forEach(this::leave);
        entrances.forEach((namespace, process) -> {
            try {
                read(byNamespace.computeIfAbsent(namespace, added -> new Told()), process);
            } catch (IOException | NumberFormatException e) {
                leave(namespace); // its process has ended: it begins anew with another
            }
        });
    }

    private void leave(long namespace) {
        Told told = byNamespace.remove(namespace);
        if (told != null) {
            unaccountedOfLeft += told.unaccounted;
            neverAcceptedOfLeft += told.neverAccepted;
        }
    }

    private static void read(Told told, Path process) throws IOException {
        List<String> tcp = Files.readAllLines(process.resolve("net/snmp")).stream()
                .filter(line -> line.startsWith("Tcp: "))
                .toList();
        if (tcp.size() != 2) {
            throw new IOException(process + "/net/snmp does not tell of TCP");
        }
        List<String> names = List.of(tcp.getFirst().split(" ", -1));
        String[] values = tcp.getLast().split(" ", -1);
        told.activeNow = Long.parseLong(values[names.indexOf("ActiveOpens")]);
        told.passiveNow = Long.parseLong(values[names.indexOf("PassiveOpens")]);
    }

    /**
     * Compares, after what is open was swept and told.
     *
     * @param connecting how many sockets of a namespace were connecting when the stack was read
     */
    void compare(LongUnaryOperator connecting) {
        byNamespace.forEach((namespace, told) -> {
            if (told.activeBase < 0) {
                told.activeBase = told.activeNow - told.active - connecting.applyAsLong(namespace);
                told.passiveBase = told.passiveNow - told.passive;
            }
            long active = told.activeNow - told.activeBase - told.active - connecting.applyAsLong(namespace);
            told.unaccounted = Math.max(told.unaccounted, Math.min(active, told.activeBefore));
            told.activeBefore = active;
            told.neverAccepted = Math.max(told.neverAccepted, told.passiveNow - told.passiveBase - told.passive);
        });
    }

    /** Connections that the stack counted and nobody told, since the start, in namespaces left as well. */
    long unaccounted() {
        return unaccountedOfLeft
                + byNamespace.values().stream()
                        .mapToLong(told -> told.unaccounted)
                        .sum();
    }

    /** Connections that no server had accepted when last compared, or that were not told. */
    long neverAccepted() {
        return neverAcceptedOfLeft
                + byNamespace.values().stream()
                        .mapToLong(told -> told.neverAccepted)
                        .sum();
    }
}
