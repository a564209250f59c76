package enishi.agent.fold;

import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.ListenerSpan;
import java.util.List;

/** What changed since the last flush, ready to become a report. */
public record Folded(List<FlowObservations> flows, List<ListenerSpan> listeners, List<Coverage> coverage) {
    public Folded {
        flows = List.copyOf(flows);
        listeners = List.copyOf(listeners);
        coverage = List.copyOf(coverage);
    }

    public boolean isEmpty() {
        return flows.isEmpty() && listeners.isEmpty() && coverage.isEmpty();
    }
}
