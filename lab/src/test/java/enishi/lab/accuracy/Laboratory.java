package enishi.lab.accuracy;

import enishi.lab.OpenFolder;
import enishi.lab.accuracy.Truth.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Hosts with all that the truth says running on them, every method watching. */
final class Laboratory implements AutoCloseable {
    private static final int FIRST_PORT = 4649;
    private final Truth truth;
    private final OpenFolder folder;
    private final Site site;
    private final Map<Method, Installed> installed = new EnumMap<>(Method.class);

    /** @param rungs of Enishi's, those that watch */
    Laboratory(Truth truth, OpenFolder folder, List<Method> rungs) throws Exception {
        this.truth = truth;
        this.folder = folder;
        site = new Site(truth, folder.path());
        try {
            drop();
            new Daemons(site, truth, folder).start();
            new Programs(site, truth).start();
            for (String each : site.names()) {
                List<String> poll = List.of(
                        "/usr/bin/python3",
                        Site.script("accuracy-poll"),
                        folder.path().toString(),
                        polled(each).toString());
                site.start(new Program(each, false, "poll"), poll).saying("ready");
            }
            for (Method each : rungs) {
                installed.put(each, Installed.start(site, each.rung(), FIRST_PORT + installed.size()));
            }
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /** The file with all of it. */
    static Truth wholeTruth() throws IOException {
        try (InputStream in = Laboratory.class.getResourceAsStream("/accuracy-truth")) {
            if (in == null) {
                throw new IOException("accuracy-truth is missing");
            }
            return Truth.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** What is left of it on hosts that are few enough for one short window, with most of the cases that mislead. */
    static Truth someOfTheTruth() throws IOException {
        return wholeTruth().among("user1", "lb1", "web1", "app1", "db1", "odd1", "odd2", "box1", "gate1");
    }

    /** Makes packets vanish that the truth says are dropped. */
    private void drop() {
        for (Truth.Line each : truth.of(line -> line.tag().equals("dropped"))) {
            site.host(each.server().host())
                    .does(
                            "nft",
                            "table inet " + each.key() + " { chain in { type filter hook input priority 0; "
                                    + each.transport() + " dport " + each.port() + " drop; }; }");
        }
    }

    Truth truth() {
        return truth;
    }

    Site site() {
        return site;
    }

    Path folder() {
        return folder.path();
    }

    Map<Method, Installed> installed() {
        return installed;
    }

    Path polled(String host) {
        return folder.path().resolve("polled-" + host);
    }

    /** The command that reads the wire. */
    List<String> wire(Path into) {
        List<String> command = new ArrayList<>(site.center().prefix());
        command.addAll(List.of("/usr/bin/python3", Site.script("accuracy-wire"), folder().toString(), into.toString()));
        return command;
    }

    /** Starts processes that do nothing but use a core each, until they are ended or so much time is over. */
    List<Process> load(int burners, int seconds) throws IOException {
        List<Process> load = new ArrayList<>();
        for (int i = 0; i < burners; i++) {
            load.add(new ProcessBuilder("timeout", "--foreground", "" + seconds, "sh", "-c", "while :; do :; done")
                    .start());
        }
        return load;
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}
