package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Two network namespaces of this test's own, joined by a pair of virtual Ethernet devices (veth(4)) that the host's own
 * namespace never sees.
 */
final class TwoNamespaces implements AutoCloseable {
    private final String nearName = "enishi-near-" + ProcessHandle.current().pid();
    private final String farName = "enishi-far-" + ProcessHandle.current().pid();
    private final Place near = place(nearName, 1);
    private final Place far = place(farName, 2);

    TwoNamespaces() throws Exception {
        try {
            ip("netns", "add", nearName);
            ip("netns", "add", farName);
            ip("link", "add", "link0", "netns", nearName, "type", "veth", "peer", "name", "link0", "netns", farName);
            up(nearName, near);
            up(farName, far);
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    Place near() {
        return near;
    }

    Place far() {
        return far;
    }

    /** Addresses from the ranges for documentation (RFC 5737, RFC 3849): nothing else has them. */
    private static Place place(String name, int number) {
        return new Place(List.of("ip", "netns", "exec", name), "198.51.100." + number, "2001:db8:77::" + number);
    }

    private static void up(String name, Place place) throws Exception {
        ip("-n", name, "address", "add", place.v4() + "/24", "dev", "link0");
        ip("-n", name, "address", "add", place.v6() + "/64", "dev", "link0", "nodad");
        ip("-n", name, "link", "set", "lo", "up");
        ip("-n", name, "link", "set", "link0", "up");
    }

    private static void ip(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
    }

    /** The devices go with the namespaces. */
    @Override
    public void close() throws IOException {
        for (String name : List.of(nearName, farName)) {
            new ProcessBuilder("ip", "netns", "delete", name).start().onExit().join();
        }
    }
}
