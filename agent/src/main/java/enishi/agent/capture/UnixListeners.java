package enishi.agent.capture;

import enishi.model.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who listens at unix sockets: those of the last dump, and those of the one before while what was asked between both is
 * told, for they may have ended since. The file of one that ended lends its number to the next at once, so a listener
 * is known only by names under which a dump has shown it after they were asked for.
 */
final class UnixListeners {
    /** So many other names for one socket are remembered; one asked for by a further name is looked at anew. */
    private static final int ALIASES_MAX = 64;

    private final Map<Address, Known> all = new HashMap<>();
    private long dumps;

    /**
     * A listener.
     *
     * @param name as it was bound
     * @param aliases other names by which it was asked for, and was then seen to be this one
     * @param dump the last that showed it
     */
    private record Known(String name, Set<String> aliases, long dump) {}

    /** Begins another dump. */
    void begin() {
        dumps++;
    }

    /** One that the dump shows. */
    void put(UnixEndpoint at) {
        all.compute(at.key(), (key, before) -> listening(at.name(), before));
    }

    private Known listening(String name, @Nullable Known before) {
        return new Known(
                name, before != null && before.name().equals(name) ? before.aliases() : new HashSet<>(0), dumps);
    }

    /** What was asked so far has been told: from now on the last dump counts alone. */
    void told() {
        all.values().removeIf(each -> each.dump() != dumps);
    }

    /** Whether a listener was shown under this name since it was asked for by it. */
    boolean isKnown(UnixEndpoint meant) {
        Known listener = all.get(meant.key());
        return listener != null
                && (listener.name().equals(meant.name()) || listener.aliases().contains(meant.name()));
    }

    /** The name as bound of the listener that an endpoint means, which goes by the endpoint's name too from now on. */
    Optional<String> named(UnixEndpoint meant) {
        Known listener = all.get(meant.key());
        if (listener == null) {
            return Optional.empty();
        }
        if (!listener.name().equals(meant.name()) && listener.aliases().size() < ALIASES_MAX) {
            listener.aliases().add(meant.name());
        }
        return Optional.of(listener.name());
    }

    /** The only listener of this name, if there is one: for a process of which no view is left. */
    Optional<UnixEndpoint> byName(String name) {
        List<UnixEndpoint> named = all.entrySet().stream()
                .filter(each -> each.getValue().name().equals(name))
                .map(each -> new UnixEndpoint(0, each.getKey(), name))
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }
}
