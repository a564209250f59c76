package enishi.lab.fleet;

import enishi.model.Flow;
import enishi.model.Observation;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.server.store.FlowHour;
import enishi.server.store.FlowTotals;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A fleet folded to hours, as a store would have folded what its agents report; host by host. */
public final class FleetHours {
    private final Fleet fleet;

    public FleetHours(Fleet fleet) {
        this.fleet = fleet;
    }

    /** What every flow of the fleet did in an hour. */
    public Iterator<FlowHour> of(long hour) {
        return IntStream.range(0, fleet.size().hosts())
                .boxed()
                .flatMap(host -> of(host, hour))
                .iterator();
    }

    private Stream<FlowHour> of(int host, long hour) {
        Stream<FlowHour> asClient = IntStream.of(fleet.dependencies(host))
                .filter(each -> fleet.minutes(each, hour) != 0)
                .mapToObj(each -> folded(each, Role.CLIENT, fleet.clientFlow(each), hour));
        Stream<FlowHour> asServer = IntStream.of(fleet.dependents(host))
                .filter(each -> fleet.minutes(each, hour) != 0)
                .mapToObj(each -> folded(each, Role.SERVER, fleet.serverFlow(each), hour));
        return Stream.concat(asClient, asServer);
    }

    private FlowHour folded(int dependency, Role role, Flow flow, long hour) {
        long minutes = fleet.minutes(dependency, hour);
        long first = hour * 60 + Long.numberOfTrailingZeros(minutes);
        long last = hour * 60 + 63 - Long.numberOfLeadingZeros(minutes);
        long opened = 0;
        Traffic traffic = new Traffic(0, 0);
        Observation seen = fleet.observation(dependency, role, first);
        long firstSeen = seen.firstSeenMillis();
        for (long minute = first; minute <= last; minute++) {
            if (((minutes >>> (minute - hour * 60)) & 1) != 0) {
                seen = fleet.observation(dependency, role, minute);
                opened += seen.opened();
                Traffic moved = seen.traffic();
                traffic = moved == null ? traffic : traffic.plus(moved);
            }
        }
        FlowTotals totals = new FlowTotals(
                flow,
                opened,
                opened,
                0,
                seen.active(),
                traffic,
                seen.rttMicros(),
                0,
                firstSeen,
                seen.lastSeenMillis(),
                seen.evidence(),
                seen.processes(),
                0);
        return new FlowHour(totals, minutes);
    }
}
