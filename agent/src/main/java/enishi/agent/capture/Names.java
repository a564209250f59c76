package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.NameAnswer;
import enishi.agent.kernel.NameRing;
import enishi.model.Address;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By what names processes ask for addresses, learnt from the answers of name servers that they were handed: of each
 * process the name it looked up last for an address. What was looked up by another process, over TCP or TLS, or by a
 * resolver that does not ask who answered (Go's), is unseen; then there is no name.
 */
final class Names implements AutoCloseable {
    private static final int KNOWN_MAX = 16_384;

    /** Of so many names of one address further ones are none: each makes a flow of its own. */
    private static final int OF_ADDRESS_MAX = 16;

    private final @Nullable NameRing ring;
    private final String because;
    private final Map<Asked, String> known = leastUsedFirst();
    private final Map<Address, Set<String>> ofAddress = leastUsedFirst();
    private long lost;

    private record Asked(int pid, long startedNanos, Address address) {}

    /** @param because why there is no ring, where there is none */
    private Names(@Nullable NameRing ring, String because) {
        this.ring = ring;
        this.because = because;
    }

    static Names none(String because) {
        return new Names(null, because);
    }

    /** Tried, not guessed; without it everything else is as it was. */
    static Names open(Path cgroup, long pidNamespace) {
        try {
            return new Names(NameRing.open(cgroup, pidNamespace), "");
        } catch (KernelException e) {
            return none(e.reason());
        }
    }

    private static <K, V> Map<K, V> leastUsedFirst() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KNOWN_MAX;
            }
        };
    }

    /** Learns what was answered since the last poll. To be called before what the kernel folded is drained. */
    void poll() throws KernelException {
        if (ring != null) {
            ring.drain(this::learn);
            lost = ring.lost();
        }
    }

    void learn(NameAnswer answer) {
        if (answer.pid() == 0) {
            return;
        }
        DnsAnswer.of(answer.message())
                .ifPresent(told -> told.addresses().forEach(address -> {
                    Set<String> names = ofAddress.computeIfAbsent(address, key -> new HashSet<>(2));
                    if (names.contains(told.name()) || names.size() < OF_ADDRESS_MAX) {
                        names.add(told.name());
                        known.put(new Asked(answer.pid(), answer.startedNanos(), address), told.name());
                    }
                }));
    }

    /** The name that a process looked up last for an address, or null. */
    @Nullable String of(int pid, long startedNanos, Address address) {
        return known.isEmpty() ? null : known.get(new Asked(pid, startedNanos, address));
    }

    List<String> limits() {
        if (ring == null) {
            return List.of("The names that programs look up are unseen: " + because + ".");
        }
        return lost == 0
                ? List.of()
                : List.of(lost + " answers of name servers were passed over: too many in one second.");
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
