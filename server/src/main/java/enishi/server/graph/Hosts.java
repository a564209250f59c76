package enishi.server.graph;

import enishi.model.Address;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.server.store.KnownHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hosts known, by id, by name and by address. An address means something only within its site. */
public final class Hosts {
    private final Map<HostId, KnownHost> byId = new HashMap<>();
    private final Map<Address, List<Place>> byAddress = new HashMap<>();

    /** A host and one of its network namespaces. */
    public record Place(HostId host, long namespace) {}

    public Hosts(Collection<KnownHost> hosts) {
        for (KnownHost known : hosts) {
            byId.put(known.host().id(), known);
            for (HostAddress at : known.host().addresses()) {
                byAddress
                        .computeIfAbsent(at.address(), address -> new ArrayList<>())
                        .add(new Place(known.host().id(), at.namespace()));
            }
        }
    }

    public Collection<KnownHost> all() {
        return byId.values();
    }

    public Optional<KnownHost> byId(HostId id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<KnownHost> named(String name) {
        return byId.values().stream()
                .filter(known -> known.host().name().equals(name))
                .toList();
    }

    /** A host's name, or its id if it never reported itself. */
    public String name(HostId id) {
        KnownHost known = byId.get(id);
        return known == null ? id.toString() : known.host().name();
    }

    public @Nullable String label(HostId id, String label) {
        KnownHost known = byId.get(id);
        return known == null ? null : known.host().labels().get(label);
    }

    /** Everybody in the asker's site who answers to an address; a loopback address is the asker itself. */
    public List<Place> owners(Address address, Place asker) {
        if (address.isLoopback()) {
            return List.of(asker);
        }
        return byAddress.getOrDefault(address, List.of()).stream()
                .filter(place -> isSameSite(place.host(), asker.host()))
                .toList();
    }

    /** Whether two hosts share an address space: the same site label, or both none. */
    public boolean isSameSite(HostId one, HostId other) {
        return Objects.equals(label(one, Host.SITE), label(other, Host.SITE));
    }
}
