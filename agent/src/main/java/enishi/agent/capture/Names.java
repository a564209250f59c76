package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.NameAnswer;
import enishi.agent.kernel.NameRing;
import enishi.model.Address;
import enishi.model.Transport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what names processes ask for addresses, learnt from the answers of name servers that they were handed: of each
 * process the name it looked up last for an address. What was looked up by another process, over TCP or TLS, or by a
 * resolver that does not ask who answered (Go's), is unseen; then there is no name.
 *
 * <p>A name is part of a flow, so what was opened under one is closed under it: while a process has anything open to an
 * key, all that it does there goes by the name under which that began.
 */
final class Names implements AutoCloseable {
    private static final int KNOWN_MAX = 8_192;
    private static final int OPEN_MAX = 20_000;

    /** Whoever looks one address up by more names than these has none there: each is a flow of its own. */
    private static final int CHANGES_MAX = 16;

    private final @Nullable NameRing ring;
    private final String because;
    private final Map<Asked, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Known> eldest) {
            return size() > KNOWN_MAX;
        }
    };
    private final Map<FlowKey, Open> open = new HashMap<>();
    private boolean tooManyOpen;
    private long lost;
    private String failure = "";

    private record Asked(int pid, long startedNanos, Address address) {}

    /** A name, and how many there were before. */
    private record Known(String name, int changes) {}

    /** By what the kernel tells what one process asks for from all else. */
    record FlowKey(
            long namespace, int pid, long startedNanos, Address local, Address remote, int port, Transport transport) {}

    /** Connections to an key, and the name under which the first was asked for. */
    private record Open(@Nullable String name, long count) {}

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

    /** Whether there is anything to tell: where there is not, nobody need ask. */
    boolean areTold() {
        return ring != null;
    }

    /** Learns what was answered since the last poll. To be called before what the kernel folded is drained. */
    void poll() {
        if (ring != null) {
            ring.drain(this::learn);
            try {
                lost = ring.lost();
                failure = "";
            } catch (KernelException e) {
                failure = e.reason();
            }
        }
    }

    void learn(NameAnswer answer) {
        if (answer.pid() != 0) {
            DnsAnswer.of(answer.message())
                    .ifPresent(told -> told.addresses()
                            .forEach(address -> known.compute(
                                    new Asked(answer.pid(), answer.startedNanos(), address),
                                    (key, before) -> after(before, told.name()))));
        }
    }

    private static Known after(@Nullable Known before, String name) {
        if (before == null) {
            return new Known(name, 0);
        }
        return before.name().equals(name) ? before : new Known(name, before.changes() + 1);
    }

    /**
     * By what name a process does this, or null.
     *
     * @param more how many more connections are open to the endpoint afterwards, or fewer
     */
    @Nullable String of(FlowKey key, long more) {
        Open before = open.get(key);
        String name = before == null ? lookedUp(key) : before.name();
        long count = (before == null ? 0 : before.count()) + more;
        if (count <= 0) {
            open.remove(key);
        } else if (before != null || open.size() < OPEN_MAX) {
            open.put(key, new Open(name, count));
        } else {
            tooManyOpen = true;
            return null;
        }
        return name;
    }

    private @Nullable String lookedUp(FlowKey key) {
        if (tooManyOpen || known.isEmpty()) {
            return null; // what is open and not kept has none either
        }
        Known found = known.get(new Asked(key.pid(), key.startedNanos(), key.remote()));
        return found == null || found.changes() >= CHANGES_MAX ? null : found.name();
    }

    /** Whatever is open will be told again. */
    void forgetOpen() {
        open.clear();
        tooManyOpen = false;
    }

    List<String> limits() {
        if (ring == null) {
            return List.of("The names that programs look up are unseen: " + because + ".");
        }
        if (!failure.isEmpty()) {
            return List.of("How many answers of name servers were passed over is unknown: " + failure + ".");
        }
        if (tooManyOpen) {
            return List.of("Names are no longer told: more than " + OPEN_MAX + " endpoints are asked for at a time.");
        }
        return lost == 0
                ? List.of()
                : List.of(lost + " answers of name servers were passed over: too many at once, or unreadable.");
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
