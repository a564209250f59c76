package enishi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A host of its own, as far as the kernel lets several be one machine: network, processes, mounts, name and cgroups.
 * One process holds it and ends when its input does, even if the test is killed; with it ends whatever runs inside.
 */
public final class LabHost implements AutoCloseable {
    private static final String BRIDGE = "switch0";
    private final Process holder;
    private final Path folder;
    private final long pid;
    private final String name;

    private LabHost(String name, Process holder, Path folder, long pid) {
        this.name = name;
        this.holder = holder;
        this.folder = folder;
        this.pid = pid;
    }

    /**
     * Starts a host.
     *
     * @param folder where its commands run
     */
    public static LabHost start(String name, Path folder) throws IOException, InterruptedException {
        Process holder = new ProcessBuilder(
                        "unshare", "--net", "--pid", "--mount", "--uts", "--cgroup", "--fork", "--mount-proc", "cat")
                .redirectErrorStream(true)
                .start();
        Part.until("a new host", () -> holder.children().findAny().isPresent() || !holder.isAlive());
        long pid = holder.children()
                .findAny()
                .orElseThrow(() -> new IllegalStateException("unshare failed"))
                .pid();
        LabHost host = new LabHost(name, holder, folder, pid);
        // the namespaces are there before the one process in them is, its /proc a little later
        Part.until(
                "its own processes",
                () -> host.says("sh", "-c", "[ \"$(cat /proc/1/comm)\" = cat ] && echo here")
                        .equals("here"));
        host.does("hostname", name);
        host.does("ip", "link", "set", "lo", "up");
        return host;
    }

    /** A cable between two hosts, and an address at each end. */
    static void connect(LabHost one, String address, LabHost other, String otherAddress) {
        run(new ProcessBuilder(List.of(
                "ip",
                "link",
                "add",
                "name",
                one.cableTo(other),
                "netns",
                Long.toString(one.pid),
                "type",
                "veth",
                "peer",
                "name",
                other.cableTo(one),
                "netns",
                Long.toString(other.pid))));
        one.plug(one.cableTo(other), address);
        other.plug(other.cableTo(one), otherAddress);
    }

    /** Makes this host a switch, which {@link #join} leads to; it has no address itself. */
    public void becomeSwitch() {
        does("ip", "link", "add", "name", BRIDGE, "type", "bridge");
        does("ip", "link", "set", BRIDGE, "up");
    }

    /** A cable to a switch, and addresses with the lengths of their networks at this end. */
    public void join(LabHost to, String... addresses) {
        String port = portOf(name);
        run(new ProcessBuilder(List.of(
                "ip",
                "link",
                "add",
                "name",
                port,
                "netns",
                "" + to.pid,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                "" + pid)));
        to.does("ip", "link", "set", port, "master", BRIDGE, "up");
        for (String each : addresses) {
            List<String> add = new ArrayList<>(List.of("ip", "address", "add", each, "dev", "eth0"));
            if (each.contains(":")) {
                add.add("nodad");
            }
            does(add.toArray(String[]::new));
        }
        does("ip", "link", "set", "eth0", "up");
    }

    /** How the end of a cable is called that leads to a host. */
    public static String portOf(String host) {
        return "to-" + host;
    }

    private String cableTo(LabHost other) {
        return portOf(other.name);
    }

    private void plug(String cable, String address) {
        does("ip", "address", "add", address + "/24", "dev", cable);
        does("ip", "link", "set", cable, "up");
    }

    /** What a command begins with to run inside. */
    public List<String> prefix() {
        return inside(new ProcessBuilder()).command();
    }

    /** The same command, inside and in this host's folder. */
    public ProcessBuilder inside(ProcessBuilder command) {
        List<String> whole = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(pid),
                "--net",
                "--pid",
                "--mount",
                "--uts",
                "--cgroup",
                "--wd=" + folder,
                "--"));
        whole.addAll(command.command());
        return command.command(whole);
    }

    /** Runs a command to its end, which must be a good one. */
    public void does(String... command) {
        run(inside(new ProcessBuilder(command)));
    }

    /** What a command prints, whatever its end. */
    public String says(String... command) {
        try {
            Process process = inside(new ProcessBuilder(command))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.strip();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(String.join(" ", command) + " could not be run", e);
        }
    }

    /** Runs a command, here or inside, to its end, which must be a good one. */
    public static void run(ProcessBuilder command) {
        try {
            Process process = command.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command.command()) + " failed: " + said.strip());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(String.join(" ", command.command()) + " could not be run", e);
        }
    }

    @Override
    public void close() throws IOException {
        holder.getOutputStream().close();
        try {
            if (!holder.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a host of the lab does not end; its first process is " + pid);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a host ended", e);
        }
    }
}
