package enishi.server.graph;

import enishi.model.Host;
import enishi.model.HostId;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownHost;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hosts known, by id and by name, and what the networks are called that lie beyond them. */
public final class Hosts {
    /** How far apart two clocks, or a moment and the report that tells of it, may stand. */
    static final long APART_MILLIS = 120_000;

    private final Map<HostId, KnownHost> byId = new HashMap<>();
    private final Map<HostId, String> sites = new HashMap<>();
    private final Networks networks;

    /** A host and one of its network namespaces; 0 is the one its agent runs in. */
    public record Place(HostId host, long namespace) {
        boolean isRoot() {
            return namespace == 0;
        }
    }

    /** Where no network has a name. */
    public Hosts(Collection<KnownHost> hosts) {
        this(hosts, Networks.NONE);
    }

    public Hosts(Collection<KnownHost> hosts, Networks networks) {
        this.networks = networks;
        for (KnownHost each : hosts) {
            byId.put(each.host().id(), each);
            String site = each.host().labels().get(Host.SITE);
            if (site != null) {
                sites.put(each.host().id(), site);
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

    Networks networks() {
        return networks;
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

    /** Whether reports of a host arrived while a flow lasted; nothing speaks against one that never told of itself. */
    boolean reportedDuring(HostId id, FlowTotals flow) {
        KnownHost known = byId.get(id);
        return known == null
                || (known.firstReportMillis() <= flow.lastSeenMillis() + APART_MILLIS
                        && known.lastReportMillis() >= flow.firstSeenMillis() - APART_MILLIS);
    }

    /** Whether two hosts share an address space: the same site label, or both none. */
    public boolean isSameSite(HostId one, HostId other) {
        return Objects.equals(sites.get(one), sites.get(other));
    }
}
