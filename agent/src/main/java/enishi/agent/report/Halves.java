package enishi.agent.report;

import enishi.agent.fold.Folded;
import enishi.model.Coverage;
import enishi.model.FlowObservations;
import enishi.model.ListenerSpan;
import enishi.model.TranslationMinutes;
import java.util.List;
import java.util.Optional;

/** A fold too large for one report, halved; the coverage goes with the second, after all it covers. */
record Halves(Folded first, Folded second) {

    /** Halves what there is several of: flows, else translations, listeners or minutes; empty where there is not. */
    static Optional<Halves> of(Folded whole) {
        List<FlowObservations> flows = whole.flows();
        List<TranslationMinutes> translations = whole.translations();
        List<ListenerSpan> listeners = whole.listeners();
        List<Coverage> coverage = whole.coverage();
        if (flows.size() > 1) {
            return Optional.of(new Halves(
                    new Folded(first(flows), List.of(), List.of()),
                    new Folded(second(flows), listeners, coverage, translations)));
        }
        if (translations.size() > 1) {
            return Optional.of(new Halves(
                    new Folded(flows, List.of(), List.of(), first(translations)),
                    new Folded(List.of(), listeners, coverage, second(translations))));
        }
        if (listeners.size() > 1) {
            return Optional.of(new Halves(
                    new Folded(flows, first(listeners), List.of(), translations),
                    new Folded(List.of(), second(listeners), coverage)));
        }
        if (coverage.size() > 1) {
            return Optional.of(new Halves(
                    new Folded(flows, listeners, first(coverage), translations),
                    new Folded(List.of(), List.of(), second(coverage))));
        }
        return Optional.empty();
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, all.size() / 2);
    }

    private static <T> List<T> second(List<T> all) {
        return all.subList(all.size() / 2, all.size());
    }
}
