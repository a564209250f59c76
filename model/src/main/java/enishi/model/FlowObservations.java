package enishi.model;

import java.util.List;

/** A flow and what was observed of it, minute by minute. */
public record FlowObservations(Flow flow, List<Observation> observations) {
    public FlowObservations {
        observations = List.copyOf(observations);
    }
}
