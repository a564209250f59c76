package enishi.agent.fold;

import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flows in memory: those with open connections, and those with counts not yet flushed. */
final class Flows {
    private final Map<Flow, FlowCounts> all = new HashMap<>();
    private final int flowsMax;

    Flows(int flowsMax) {
        this.flowsMax = flowsMax;
    }

    int size() {
        return all.size();
    }

    /** The counts of a flow, begun if need be; empty if there is no room for another. */
    Optional<FlowCounts> of(Flow flow, long minute, long nowMillis) {
        FlowCounts known = all.get(flow);
        if (known == null && all.size() < flowsMax) {
            known = new FlowCounts(flow, minute, nowMillis);
            all.put(flow, known);
        }
        return Optional.ofNullable(known);
    }

    /** Ends the minute of every flow and begins another. */
    void roll(long next, long nowMillis) {
        all.values().forEach(flow -> flow.roll(next, nowMillis));
    }

    /** Leaves every flow's minute as it was flushed and begins another. */
    void begin(long next, long nowMillis) {
        all.values().forEach(flow -> flow.begin(next, nowMillis));
    }

    /** Forgets what is open over these transports: it will be told again. */
    void forgetOpen(Set<Transport> transports) {
        all.values().stream()
                .filter(flow -> transports.contains(flow.flow.transport()))
                .forEach(FlowCounts::forgetOpen);
    }

    /** Every flow as it is whoever the program is. */
    Set<Flow> whoever() {
        Set<Flow> whoever = new HashSet<>();
        all.keySet().forEach(flow -> whoever.add(whoever(flow)));
        return whoever;
    }

    private static Flow whoever(Flow flow) {
        return new Flow(
                flow.host(),
                flow.namespace(),
                null,
                flow.role(),
                flow.local(),
                flow.remote(),
                flow.serverPort(),
                flow.transport(),
                flow.name());
    }

    /** Everything that changed since the last flush; what is over is then forgotten. */
    List<FlowObservations> flush() {
        List<FlowObservations> changed = new ArrayList<>();
        all.values().removeIf(flow -> {
            FlowObservations observations = flow.flush();
            if (!observations.observations().isEmpty()) {
                changed.add(observations);
            }
            return flow.isOver();
        });
        return changed;
    }
}
