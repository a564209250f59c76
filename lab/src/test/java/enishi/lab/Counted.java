package enishi.lab;

import enishi.answer.Dependency;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A dependency cut down to its connections: those opened within the window, and those open at its end. */
record Counted(long connections, long active) {

    /** The different counts of these. */
    static Set<Counted> of(List<Dependency> dependencies) {
        return dependencies.stream()
                .map(each -> new Counted(each.connections(), each.active()))
                .collect(Collectors.toSet());
    }
}
