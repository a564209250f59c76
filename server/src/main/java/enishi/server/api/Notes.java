package enishi.server.api;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.HostWatch;
import enishi.answer.Precision;
import enishi.server.graph.Joined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a reader must know to read an answer right. */
final class Notes {
    static final String INFERRED =
            "What passes through a hop is inferred, not observed: client and hop, hop and server were at work in the"
                    + " same spans of time, and as much went out as came in. Another cause may have made both.";

    private Notes() {}

    static List<String> of(Precision precision, CoverageVerdict coverage) {
        List<String> notes = new ArrayList<>();
        switch (precision) {
            case EXACT -> {}
            case SUMS_TO_THE_HOUR ->
                notes.add("Minute rows of this time are no longer kept: what is listed was there"
                        + " in the window, exact to the minute, but the counts of hours that the window cuts are"
                        + " those of the whole hours.");
            case TO_THE_DAY ->
                notes.add("Of this time only days are kept: what is listed was there exact to the hour,"
                        + " and the counts of days that the window cuts are those of the whole days.");
        }
        long unknown =
                coverage.hosts().stream().mapToLong(HostWatch::unknownOwner).sum();
        long unseen =
                coverage.hosts().stream().mapToLong(HostWatch::unseenPeers).sum();
        long unaccounted =
                coverage.hosts().stream().mapToLong(HostWatch::unaccounted).sum();
        if (unknown > 0) {
            notes.add("The process of " + unknown + " connections is unknown: they ended before it could be looked up,"
                    + " or belong to another user.");
        }
        if (unseen > 0) {
            notes.add("Whom " + unseen + " UDP sockets without a peer of their own talk to is unseen.");
        }
        if (unaccounted > 0) {
            notes.add("Of the TCP connections that the kernel counted, " + unaccounted
                    + " were told by nobody: they are missing from the counts, and their dependencies may be missing.");
        }
        return notes;
    }

    /** Also what folding has hidden. */
    static List<String> of(Precision precision, CoverageVerdict coverage, Collection<Joined> items) {
        List<String> notes = of(precision, coverage);
        long part = items.stream().filter(Joined::partOfBytes).count();
        if (part > 0) {
            notes.add("The bytes of " + part + " folded dependencies are known in part: at least those shown moved.");
        }
        long half = items.stream()
                .map(Joined::dependency)
                .filter(each -> !each.via().isEmpty() && each.seenFrom() != Dependency.SeenFrom.BOTH)
                .count();
        if (half > 0) {
            notes.add("Of " + half + " dependencies through translated addresses (via) one end alone told: the other is"
                    + " not watched, or several may be meant and their counts are not split.");
        }
        return notes;
    }
}
