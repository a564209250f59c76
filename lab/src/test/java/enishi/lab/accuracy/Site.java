package enishi.lab.accuracy;

import enishi.lab.Enishi;
import enishi.lab.LabHost;
import enishi.lab.RealProgram;
import enishi.lab.accuracy.Truth.Line;
import enishi.lab.accuracy.Truth.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The hosts of a truth and one more for Enishi's servers, on a switch that leads nowhere else. A host with a cell has a
 * network namespace inside that stands for a container, behind the host's own address.
 */
final class Site implements AutoCloseable {
    /** Where Enishi's servers run, and nothing else. */
    static final String MAP = "map1";

    private static final String NETWORK = "10.94.0.";
    private static final String NETWORK6 = "fd94::";
    private static final int FIRST = 10;
    private static final String CELL = "172.31.9.2";
    private static final String CELL_GATEWAY = "172.31.9.1";
    private final Path folder;
    private final LabHost center;
    private final Map<String, LabHost> hosts = new LinkedHashMap<>();
    private final Map<String, List<String>> cells = new LinkedHashMap<>();

    Site(Truth truth, Path folder) throws Exception {
        this.folder = folder;
        center = LabHost.start("switch", folder);
        try {
            center.becomeSwitch();
            List<String> names = new ArrayList<>(List.of(MAP));
            names.addAll(truth.hosts());
            for (String each : names) {
                hosts.put(each, LabHost.start(each, folder));
                host(each).join(center, address(each) + "/24", v6(each) + "/64");
            }
            for (Program each : truth.programs().keySet()) {
                if (each.inCell() && !cells.containsKey(each.host())) {
                    cells.put(each.host(), cell(host(each.host())));
                }
            }
            for (Line each : truth.of(line -> line.instead() != null)) {
                translate(each);
            }
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private static List<String> cell(LabHost host) throws IOException {
        Process held = host.inside(new ProcessBuilder("unshare", "--net", "sh", "-c", "echo $$; exec cat"))
                .start();
        String pid = held.inputReader(StandardCharsets.UTF_8).readLine();
        host.does("ip", "link", "add", "cell0", "type", "veth", "peer", "name", "eth0", "netns", pid);
        host.does("ip", "address", "add", CELL_GATEWAY + "/24", "dev", "cell0");
        host.does("ip", "link", "set", "cell0", "up");
        List<String> prefix = new ArrayList<>(host.prefix());
        prefix.addAll(List.of("nsenter", "--net", "--target", pid, "--"));
        String inside = "ip address add " + CELL + "/24 dev eth0; ip link set eth0 up; ip link set lo up;"
                + " ip route add default via " + CELL_GATEWAY;
        host.does("nsenter", "--net", "--target", pid, "sh", "-c", inside);
        host.does("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        host.does(
                "nft",
                "table ip cell { chain post { type nat hook postrouting priority 100;"
                        + " ip saddr 172.31.9.0/24 oifname eth0 masquerade; }; }");
        return prefix;
    }

    /** Who is asked instead of the server hands on to it, and hides the client where it is not the server's own host. */
    private void translate(Line line) {
        Truth.Asked asked = line.instead();
        if (asked == null) {
            return;
        }
        LabHost by = host(asked.host());
        String to = addressOf(line.server()) + ":" + line.port();
        boolean elsewhere = !asked.host().equals(line.server().host());
        by.does("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        by.does(
                "nft",
                "table ip " + line.key() + " { chain pre { type nat hook prerouting priority -100; ip daddr "
                        + address(asked.host()) + " " + line.transport() + " dport " + asked.port() + " dnat to " + to
                        + "; }; "
                        + (elsewhere
                                ? "chain post { type nat hook postrouting priority 100; ip daddr "
                                        + addressOf(line.server()) + " masquerade; };"
                                : "")
                        + " }");
    }

    /** Every host but the servers'. */
    List<String> names() {
        return hosts.keySet().stream().filter(each -> !each.equals(MAP)).toList();
    }

    LabHost host(String name) {
        LabHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no host " + name + " in the laboratory");
        }
        return host;
    }

    /** Nobody reaches Enishi's servers for so long, nor is told so. */
    void cut(Duration time) throws InterruptedException {
        String port = LabHost.portOf(MAP);
        center.does("ip", "link", "set", port, "down");
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } finally {
            center.does("ip", "link", "set", port, "up");
        }
    }

    LabHost center() {
        return center;
    }

    String address(String host) {
        return NETWORK + (FIRST + List.copyOf(hosts.keySet()).indexOf(host));
    }

    String v6(String host) {
        return NETWORK6 + (FIRST + List.copyOf(hosts.keySet()).indexOf(host));
    }

    /** Where a program is reached by who is beside it. */
    String addressOf(Program program) {
        return program.inCell() ? CELL : address(program.host());
    }

    Addresses addresses() {
        Map<String, String> all = new LinkedHashMap<>();
        hosts.keySet().forEach(each -> {
            all.put(address(each), each);
            all.put(v6(each), each);
        });
        cells.keySet().forEach(each -> {
            all.put(CELL, each);
            all.put(CELL_GATEWAY, each);
        });
        return new Addresses(all);
    }

    /** Starts a command where a program belongs. */
    RealProgram start(Program at, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(
                at.inCell() ? cells.get(at.host()) : host(at.host()).prefix());
        whole.addAll(command);
        return RealProgram.start(folder, whole);
    }

    Path folder() {
        return folder;
    }

    /** The laboratory's own programs. */
    static String script(String name) {
        return Enishi.ROOT.resolve("lab/src/test/programs").resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        List<LabHost> all = new ArrayList<>(hosts.values());
        all.add(center);
        for (LabHost each : all) {
            try {
                each.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
