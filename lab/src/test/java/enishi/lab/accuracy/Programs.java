package enishi.lab.accuracy;

import enishi.lab.accuracy.Truth.Asked;
import enishi.lab.accuracy.Truth.Line;
import enishi.lab.accuracy.Truth.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs of the laboratory itself: each does what the truth's lines say of it. Those that clients run anew each
 * time are run by one more of each host that asks nobody itself.
 */
final class Programs {
    private static final String TIMER = "timer";
    private final Site site;
    private final Truth truth;
    private final Map<Program, List<String>> acts = new LinkedHashMap<>();

    Programs(Site site, Truth truth) {
        this.site = site;
        this.truth = truth;
    }

    /** Starts all of them, servers first, until each has said that it is ready. */
    void start() throws Exception {
        for (Line each : truth.lines()) {
            if (!Daemons.isOne(each.server()) && !each.serves().equals("none")) {
                add(each.server(), "serve " + each.serves() + " " + each.transport() + " " + listen(each));
            }
        }
        for (Line each : truth.lines()) {
            if (!each.asksByItself()) {
                ask(each);
            }
        }
        for (Map.Entry<Program, List<String>> each : acts.entrySet()) {
            List<String> command = new ArrayList<>(
                    List.of(installed(each.getKey().name()), site.folder().toString()));
            command.addAll(each.getValue());
            site.start(each.getKey(), command).saying("ready");
        }
    }

    private void ask(Line line) throws IOException {
        String verb = line.asks().contains("late") ? "late" : line.asks().getFirst();
        String period = line.asks().get(1);
        int from = line.asks().indexOf("from");
        String local = from < 0 ? "-" : line.asks().get(from + 1);
        String rest = " " + verb + " " + line.transport() + " " + remote(line) + " " + local;
        Program client = line.client();
        if (line.asks().contains("run")) {
            String script = installed(client.name());
            add(
                    new Program(client.host(), client.inCell(), TIMER),
                    "run " + line.key() + " " + period + " " + script + rest);
        } else {
            add(client, "do " + line.key() + " " + period + rest);
        }
    }

    private void add(Program program, String act) {
        List<String> ours = acts.computeIfAbsent(program, key -> new ArrayList<>());
        if (!ours.contains(act)) {
            ours.add(act);
        }
    }

    private String listen(Line line) {
        if (line.isUnix()) {
            return socket(line) + " 0";
        }
        boolean ofBoth = line.asks().contains("v6") || line.asks().contains("mapped");
        return (ofBoth ? "::" : near(line)) + " " + line.port();
    }

    private String remote(Line line) {
        Asked asked = line.instead();
        if (line.isUnix()) {
            return socket(line) + " 0";
        }
        if (asked != null) {
            return site.address(asked.host()) + " " + asked.port();
        }
        String address = line.asks().contains("v6") ? site.v6(line.server().host()) : near(line);
        return (line.asks().contains("mapped") ? "::ffff:" : "") + address + " " + line.port();
    }

    private String near(Line line) {
        return line.client().host().equals(line.server().host()) ? "127.0.0.1" : site.addressOf(line.server());
    }

    private Path socket(Line line) {
        return site.folder().resolve(line.server().host() + "-" + line.server().name() + ".sock");
    }

    /** The one script under another name is another program. */
    private String installed(String name) throws IOException {
        Path script = Files.createDirectories(site.folder().resolve("programs")).resolve(name);
        if (!Files.exists(script)) {
            Files.copy(Path.of(Site.script("accuracy-program")), script);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return script.toString();
    }
}
