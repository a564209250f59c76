package enishi.cli.parts;

import enishi.answer.Dependency;
import enishi.cli.ask.Answers;
import enishi.cli.ask.Connect;
import enishi.cli.ask.Failure;
import enishi.cli.output.Rows;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first dependencies as they appear, each once. Enishi's own, its agent and commands talking to its server, are
 * marked as such and stand after the others.
 */
final class FirstSeen {
    private static final int SHOWN_MAX = 40;
    private static final int COMPLAIN_AT = 2; // a server that is ending refuses once
    private final Connect connect;
    private final long serverPid;
    private final Instant since;
    private final PrintStream out;
    private final Set<String> shown = new HashSet<>();
    private int failures;

    /** Shows what was seen since a moment, printing on a stream. */
    FirstSeen(Connect connect, long serverPid, Instant since, PrintStream out) {
        this.connect = connect;
        this.serverPid = serverPid;
        this.since = since;
        this.out = out;
    }

    /** Asks once and prints what is new. */
    void show() {
        if (shown.size() >= SHOWN_MAX) {
            return;
        }
        List<Dependency> all;
        try {
            List<String> lines = connect.get("export", Map.of("since", since.toString()))
                    .lines()
                    .toList();
            all = lines.subList(0, Math.max(0, lines.size() - 1)).stream()
                    .map(line -> Answers.read(line, Dependency.class))
                    .toList();
            failures = 0;
        } catch (Failure e) {
            if (++failures == COMPLAIN_AT) {
                out.println("(" + e.getMessage() + ")");
            }
            return;
        }
        show(all);
    }

    void show(List<Dependency> all) {
        List<Dependency> others = new ArrayList<>(all);
        others.removeIf(this::isOurOwn);
        others.forEach(each -> show("  " + Rows.line(each)));
        all.stream().filter(this::isOurOwn).forEach(each -> show("  " + Rows.line(each) + " (Enishi itself)"));
    }

    private void show(String line) {
        if (shown.size() >= SHOWN_MAX || !shown.add(line)) {
            return;
        }
        out.println(line);
        if (shown.size() == SHOWN_MAX) {
            out.println("  and more: enishi dependencies self");
        }
    }

    private boolean isOurOwn(Dependency each) {
        return each.server().pids().contains((int) serverPid);
    }
}
