package enishi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Three hosts in a row, an agent on each: web1 reaches db1 through gate1, where the server runs too. On db1 a network
 * namespace stands for a container.
 *
 * <p>gate1 forwards its ports 8000 to 8099 to db1's 5000 to 5099, and puts its own address in the place of the
 * client's where that port is odd. db1 publishes port 6000 of the container as its own 9000. web1 spreads what asks the
 * service address over db1's ports 7001 and 7002.
 */
final class NatSite implements AutoCloseable {
    static final String GATE_OUT = "10.93.11.1";
    static final String WEB = "10.93.11.2";
    static final String GATE_IN = "10.93.12.1";
    static final String DB = "10.93.12.2";
    static final String CONTAINER = "172.31.9.2";
    static final String SERVICE = "10.96.0.10";
    private static final String SERVER = "http://" + GATE_OUT + ":4649";
    private final Path folder;
    private final LabHost web;
    private final LabHost gate;
    private final LabHost db;
    private final long container;
    private final Enishi onGate;
    private Process gateAgent;

    NatSite(Path folder) throws Exception {
        this.folder = folder;
        web = LabHost.start("web1", folder);
        gate = LabHost.start("gate1", folder);
        db = LabHost.start("db1", folder);
        LabHost.connect(gate, GATE_OUT, web, WEB);
        LabHost.connect(gate, GATE_IN, db, DB);
        web.does("ip", "route", "add", "default", "via", GATE_OUT);
        db.does("ip", "route", "add", "default", "via", GATE_IN);
        container = container();
        rules();
        onGate = new Enishi(Files.createDirectory(folder.resolve("gate1")), Enishi.DIST, gate.prefix());
        start(onGate, "server", "--listen", "0.0.0.0:4649", "--insecure-plain-http");
        Part.until("the server", () -> Files.exists(onGate.home().resolve("server.url")));
        join("web1", web);
        join("db1", db);
        gateAgent = start(onGate, "agent", "--flush-seconds", "2");
    }

    /** A namespace inside db1, held by a process there. */
    private long container() throws IOException {
        Process held = db.inside(new ProcessBuilder("unshare", "--net", "sh", "-c", "echo $$; exec cat"))
                .start();
        long pid = Long.parseLong(held.inputReader(StandardCharsets.UTF_8).readLine());
        db.does("ip", "link", "add", "bridge0", "type", "veth", "peer", "name", "eth0", "netns", "" + pid);
        db.does("ip", "address", "add", "172.31.9.1/24", "dev", "bridge0");
        db.does("ip", "link", "set", "bridge0", "up");
        String inside = "ip address add " + CONTAINER + "/24 dev eth0; ip link set eth0 up; ip link set lo up;"
                + " ip route add default via 172.31.9.1";
        db.does("nsenter", "--net", "--target", "" + pid, "sh", "-c", inside);
        return pid;
    }

    private void rules() {
        for (LabHost each : List.of(gate, db)) {
            each.does("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        }
        StringBuilder forwarded = new StringBuilder();
        StringBuilder hidden = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String to = "dnat to " + DB + ":" + (5000 + i) + ";";
            forwarded.append("ip daddr " + GATE_OUT + " tcp dport " + (8000 + i) + " " + to);
            forwarded.append("ip daddr " + GATE_OUT + " udp dport " + (8000 + i) + " " + to);
            hidden.append(i % 2 == 1 ? "ip daddr " + DB + " tcp dport " + (5000 + i) + " masquerade;" : "");
        }
        nft(
                gate,
                "chain pre { type nat hook prerouting priority -100; " + forwarded + "};"
                        + "chain post { type nat hook postrouting priority 100; " + hidden + "};");
        nft(
                db,
                "chain pre { type nat hook prerouting priority -100; ip daddr " + DB + " tcp dport 9000 dnat to "
                        + CONTAINER + ":6000; };");
        nft(
                web,
                "chain out { type nat hook output priority -100; ip daddr " + SERVICE
                        + " tcp dport 80 numgen inc mod 2 == 0 dnat to " + DB + ":7001; ip daddr " + SERVICE
                        + " tcp dport 80 dnat to " + DB + ":7002; };");
    }

    private static void nft(LabHost host, String chains) {
        host.does("nft", "table ip lab { " + chains + " }");
    }

    private void join(String name, LabHost host) throws Exception {
        Enishi enishi = new Enishi(Files.createDirectory(folder.resolve(name)), Enishi.DIST, host.prefix());
        Path token = enishi.home().resolve("token");
        Files.writeString(token, onGate.run("server", "invite", name).out());
        start(
                enishi,
                "agent",
                "--server",
                SERVER,
                "--insecure-plain-http",
                "--token-file",
                token.toString(),
                "--flush-seconds",
                "2");
    }

    private static Process start(Enishi enishi, String... arguments) throws IOException {
        return start(enishi.command(arguments), enishi.home());
    }

    private static Process start(ProcessBuilder command, Path home) throws IOException {
        // the database unpacks a library, and nobody removes it when the host ends
        command.environment().put("ENISHI_JAVA_OPTS", "-Djava.io.tmpdir=" + home);
        return command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("parts.log").toFile()))
                .start();
    }

    /** gate1's agent ends, and another begins that may not ask for tracked connections. */
    void forbidTracking() throws Exception {
        ProcessHandle agent = gateAgent.toHandle();
        agent.descendants().forEach(ProcessHandle::destroy);
        Part.until("the end of an agent", () -> !gateAgent.isAlive());
        List<String> before = new ArrayList<>(gate.prefix());
        before.addAll(List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"));
        Enishi forbidden = new Enishi(onGate.home(), Enishi.DIST, before);
        gateAgent = start(forbidden, "agent");
    }

    /** The installation that answers. */
    Enishi enishi() {
        return onGate;
    }

    Place web() {
        return new Place(web.prefix(), WEB, "");
    }

    Place db() {
        return new Place(db.prefix(), DB, "");
    }

    Place inContainer() {
        List<String> prefix = new ArrayList<>(db.prefix());
        prefix.addAll(List.of("nsenter", "--net", "--target", Long.toString(container), "--"));
        return new Place(prefix, CONTAINER, "");
    }

    @Override
    public void close() throws IOException {
        try (LabHost one = web;
                LabHost two = db;
                LabHost last = gate) {
            assert one != two && two != last : "three hosts";
        }
    }
}
