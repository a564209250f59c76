package enishi.agent.report;

import enishi.agent.fold.Folded;
import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.ListenerSpan;
import java.util.List;
import java.util.Optional;

/** A fold too large for one report, halved; the coverage goes with the second, after all it covers. */
record Halves(Folded first, Folded second) {

    /** Halves what there is several of: flows, else listeners, else minutes; empty if there is one of each at most. */
    static Optional<Halves> of(Folded whole) {
        List<FlowObservations> flows = whole.flows();
        List<ListenerSpan> listeners = whole.listeners();
        List<Coverage> coverage = whole.coverage();
        if (flows.size() > 1) {
            int half = flows.size() / 2;
            return Optional.of(new Halves(
                    new Folded(flows.subList(0, half), List.of(), List.of()),
                    new Folded(flows.subList(half, flows.size()), listeners, coverage)));
        }
        if (listeners.size() > 1) {
            int half = listeners.size() / 2;
            return Optional.of(new Halves(
                    new Folded(flows, listeners.subList(0, half), List.of()),
                    new Folded(List.of(), listeners.subList(half, listeners.size()), coverage)));
        }
        if (coverage.size() > 1) {
            int half = coverage.size() / 2;
            return Optional.of(new Halves(
                    new Folded(flows, listeners, coverage.subList(0, half)),
                    new Folded(List.of(), List.of(), coverage.subList(half, coverage.size()))));
        }
        return Optional.empty();
    }
}
