package enishi.agent.fold;

import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.ListenerSpan;
import enishi.model.TranslationMinutes;
import java.util.List;

/** What changed since the last flush, ready to become a report. */
public record Folded(
        List<FlowObservations> flows,
        List<ListenerSpan> listeners,
        List<Coverage> coverage,
        List<TranslationMinutes> translations) {
    public Folded {
        flows = List.copyOf(flows);
        listeners = List.copyOf(listeners);
        coverage = List.copyOf(coverage);
        translations = List.copyOf(translations);
    }

    /** Without a translation. */
    public Folded(List<FlowObservations> flows, List<ListenerSpan> listeners, List<Coverage> coverage) {
        this(flows, listeners, coverage, List.of());
    }

    public boolean isEmpty() {
        return flows.isEmpty() && listeners.isEmpty() && coverage.isEmpty() && translations.isEmpty();
    }
}
