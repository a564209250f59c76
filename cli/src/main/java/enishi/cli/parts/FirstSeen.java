package enishi.cli.parts;

import enishi.answer.Dependency;
import enishi.cli.ask.Answers;
import enishi.cli.ask.Connect;
import enishi.cli.ask.Failure;
import enishi.cli.output.Rows;
import java.io.PrintStream;
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
    private final Connect connect;
    private final long serverPid;
    private final PrintStream out;
    private final Set<String> shown = new HashSet<>();
    private boolean complained;

    FirstSeen(Connect connect, long serverPid, PrintStream out) {
        this.connect = connect;
        this.serverPid = serverPid;
        this.out = out;
    }

    /** Asks once and prints what is new. */
    void show() {
        if (shown.size() >= SHOWN_MAX) {
            return;
        }
        List<Dependency> all;
        try {
            List<String> lines =
                    connect.get("export", Map.of("since", "5m")).lines().toList();
            all = lines.subList(0, Math.max(0, lines.size() - 1)).stream()
                    .map(line -> Answers.read(line, Dependency.class))
                    .toList();
            complained = false;
        } catch (Failure e) {
            if (!complained) {
                out.println("(" + e.getMessage() + ")");
            }
            complained = true;
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
