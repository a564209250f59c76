package enishi.server.store;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import java.util.Set;

/**
 * Which flows a question needs: those of any of these hosts, and those of any host of which one end has one of these
 * addresses. Both sets empty means all.
 */
public record FlowFilter(Set<HostId> hosts, Set<Address> addresses) {
    public static final FlowFilter ALL = new FlowFilter(Set.of(), Set.of());

    public FlowFilter {
        hosts = Set.copyOf(hosts);
        addresses = Set.copyOf(addresses);
    }

    public boolean isAll() {
        return hosts.isEmpty() && addresses.isEmpty();
    }

    public boolean takes(Flow flow) {
        return isAll()
                || hosts.contains(flow.host())
                || addresses.contains(flow.remote())
                || addresses.contains(flow.local());
    }
}
