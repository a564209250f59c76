package enishi.model;

import java.util.List;

/**
 * One batch from agent to server. Self-contained: any report can be stored without any other.
 *
 * @param incarnation random, chosen each time the agent starts
 * @param sequence grows by one with each report of an incarnation, from 1
 * @param sentAtMillis the agent's wall clock when the report was made, milliseconds since the epoch
 */
public record Report(
        Host host,
        long incarnation,
        long sequence,
        long sentAtMillis,
        List<FlowObservations> flows,
        List<ListenerSpan> listeners,
        List<Coverage> coverage,
        List<TranslationMinutes> translations) {
    public Report {
        flows = List.copyOf(flows);
        listeners = List.copyOf(listeners);
        coverage = List.copyOf(coverage);
        translations = List.copyOf(translations);
    }

    /** One of a host that translates nothing. */
    public Report(
            Host host,
            long incarnation,
            long sequence,
            long sentAtMillis,
            List<FlowObservations> flows,
            List<ListenerSpan> listeners,
            List<Coverage> coverage) {
        this(host, incarnation, sequence, sentAtMillis, flows, listeners, coverage, List.of());
    }

    /** Whether it tells nothing. */
    public boolean isEmpty() {
        return flows.isEmpty() && listeners.isEmpty() && coverage.isEmpty() && translations.isEmpty();
    }
}
