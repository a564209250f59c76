package enishi.lab.accuracy;

import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.lab.Answered;
import enishi.lab.Answered.Exported;
import enishi.lab.Enishi;
import enishi.lab.LabHost;
import enishi.lab.Part;
import enishi.lab.RealProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Enishi on every host of a site: a server on one of them, an agent pinned to one rung on each of the others. */
final class Installed {
    private static final int AT_A_TIME = 4;
    private static final long SETTLE_SECONDS = 3;
    private static final int ASKED_MAX = 10;
    private static final int AFTER_SECONDS = 2;
    private final Site site;
    private final String rung;
    private final int port;
    private final Enishi enishi;
    private final Map<String, RealProgram> agents = new HashMap<>();
    private RealProgram server;

    /** What was told of a window, the words about how much of it was watched, and where it was not. */
    record Told(Set<Seen> seen, String coverage, Watched watched) {}

    private Installed(Site site, String rung, int port) throws IOException {
        this.site = site;
        this.rung = rung;
        this.port = port;
        Path home = Files.createDirectories(folder(Site.MAP).resolve("home"));
        enishi = new Enishi(home, Enishi.DIST, site.host(Site.MAP).prefix());
        server = server();
    }

    /** Starts all of it, until each agent has said that it watches. */
    static Installed start(Site site, String rung, int port) throws Exception {
        Installed installed = new Installed(site, rung, port);
        installed.server.saying("answering at");
        for (String each : site.names()) {
            Path token = installed.folder(each).resolve("token");
            Files.writeString(
                    token, installed.enishi.run("server", "invite", each).out());
        }
        installed.startAgents(site.names());
        return installed;
    }

    private void startAgents(List<String> names) throws Exception {
        for (int i = 0; i < names.size(); i += AT_A_TIME) {
            List<String> next = names.subList(i, Math.min(names.size(), i + AT_A_TIME));
            for (String each : next) {
                agents.put(each, agent(each));
            }
            for (String each : next) {
                agentOf(each).saying("watching host " + each);
            }
        }
    }

    private RealProgram agentOf(String host) {
        RealProgram agent = agents.get(host);
        if (agent == null) {
            throw new IllegalArgumentException("no agent runs on " + host);
        }
        return agent;
    }

    /** SIGKILL for the server and these agents. @return a moment in which none of them runs */
    Instant kill(List<String> hosts) throws InterruptedException {
        List<RealProgram> all = new ArrayList<>(List.of(server));
        hosts.forEach(each -> all.add(agentOf(each)));
        RealProgram.kill(all);
        return Instant.now();
    }

    /** Starts what was killed, until all of it is at work. */
    void startAgain(List<String> hosts) throws Exception {
        server = server();
        startAgents(hosts);
        server.saying("answering at");
    }

    private RealProgram server() throws IOException {
        return run(Site.MAP, Part.SERVER, "server", List.of("--listen", "0.0.0.0:" + port, "--insecure-plain-http"));
    }

    private Path folder(String host) throws IOException {
        return Files.createDirectories(site.folder().resolve("enishi-" + rung).resolve(host));
    }

    private RealProgram agent(String host) throws Exception {
        return run(
                host,
                Part.AGENT,
                "agent",
                List.of(
                        "--server",
                        "http://" + site.address(Site.MAP) + ":" + port,
                        "--insecure-plain-http",
                        "--token-file",
                        folder(host).resolve("token").toString(),
                        "--flush-seconds",
                        "2",
                        "--rung",
                        rung));
    }

    private RealProgram run(String host, List<String> flags, String part, List<String> arguments) throws IOException {
        LabHost at = site.host(host);
        List<String> command = new ArrayList<>(at.prefix());
        command.addAll(List.of("env", "ENISHI_HOME=" + folder(host).resolve("home")));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Djava.io.tmpdir=" + folder(host));
        command.addAll(List.of("-cp", Enishi.DIST.resolve(part) + "/*", "enishi." + part + ".Main"));
        command.addAll(arguments);
        return RealProgram.start(folder(host), command);
    }

    /**
     * What is told of a window, once every agent has reported what came after it, each of its seconds is either watched
     * or a gap, and two answers in a row are the same.
     */
    Told told(Instant from, Instant until) throws Exception {
        Enishi.await(
                "what came after the window to be reported on rung " + rung,
                () -> isWhole(watched(until, until.plusSeconds(AFTER_SECONDS)))
                        && watched(from, until).undecided() == 0);
        Told last = ask(from, until);
        for (int i = 0; i < ASKED_MAX; i++) {
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Told now = ask(from, until);
            if (now.equals(last)) {
                return now;
            }
            last = now;
        }
        throw new IllegalStateException("the answer of rung " + rung + " does not settle");
    }

    private Told ask(Instant from, Instant until) throws Exception {
        Enishi.Ended ended = enishi.run("export", "--since", from.toString(), "--until", until.toString());
        if (ended.code() != 0) {
            throw new IllegalStateException("export failed: " + ended.err());
        }
        Set<Seen> seen = ended.out()
                .lines()
                .map(line -> seen(Exported.of(line).dependency()))
                .filter(each -> !each.clientHost().equals(Site.MAP)
                        && !each.serverHost().equals(Site.MAP))
                .filter(each -> !each.transport().equals("unix") || isTheLaboratorys(each))
                .collect(Collectors.toSet());
        String coverage =
                ended.err().lines().filter(line -> line.startsWith("coverage")).collect(Collectors.joining());
        return new Told(seen, coverage, watched(from, until));
    }

    private boolean isWhole(Watched end) {
        return end.gaps().keySet().containsAll(site.names())
                && end.gaps().values().stream().allMatch(List::isEmpty);
    }

    private Watched watched(Instant from, Instant until) {
        CoverageVerdict coverage =
                new Answered(enishi).coverage("--since", from.toString(), "--until", until.toString());
        return Watched.of(coverage, from, until);
    }

    /** Sockets of what the machine's own programs are made of stand in no truth. */
    private static boolean isTheLaboratorys(Seen each) {
        return !each.clientProgram().equals("java") && !each.clientProgram().equals("enishi");
    }

    private Seen seen(Dependency each) {
        Addresses addresses = site.addresses();
        String client = each.client().host();
        String server = each.server().host();
        Integer asked = each.server().port();
        return new Seen(
                client != null
                        ? client
                        : addresses.host(String.valueOf(each.client().address())),
                known(each.client().program()),
                server != null
                        ? server
                        : addresses.host(String.valueOf(each.server().address())),
                known(each.server().program()),
                each.transport().name().toLowerCase(java.util.Locale.ROOT),
                asked == null ? 0 : asked);
    }

    private static String known(@org.jspecify.annotations.Nullable String program) {
        return program == null ? Seen.UNKNOWN : program;
    }

    /** How its agent on a host says that it is doing. */
    String status(String host) throws Exception {
        Path home = folder(host).resolve("home");
        return new Enishi(home, Enishi.DIST, site.host(host).prefix()).ask("agent", "status");
    }
}
