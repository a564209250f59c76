package enishi.agent.process;

import enishi.model.Program;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc/PID/cgroup} (cgroups(7)) tells of a process's place: its systemd unit and its container. The v2
 * line begins with {@code 0::}; on v1 the line of {@code name=systemd} serves, or any line that names a container.
 *
 * @param unit the innermost systemd service or scope that is not a login, or null
 * @param container the container's id as its runtime writes it, or null
 */
record Cgroup(@Nullable String unit, @Nullable String container) {
    static final Cgroup NONE = new Cgroup(null, null);

    /**
     * A container's 64 digits as docker, containerd, CRI-O and podman put them into the last part of the path
     * ({@code docker-ID.scope}, {@code cri-containerd-ID.scope}, {@code crio-ID.scope}, {@code libpod-ID.scope},
     * {@code /docker/ID}, {@code /kubepods/.../ID}).
     */
    private static final Pattern DIGITS = Pattern.compile("(?:^|[-:])([0-9a-f]{64})(?:\\.scope)?$");

    /** {@code /lxc/NAME} and {@code /lxc.payload.NAME}: LXC names its containers. */
    private static final Pattern LXC = Pattern.compile("/lxc(?:\\.payload)?[./]([^/]+)");

    /** {@code machine-NAME.scope} under machine.slice, and {@code systemd-nspawn@NAME.service}. */
    private static final Pattern NSPAWN =
            Pattern.compile("/machine\\.slice/(?:machine-(.+?)\\.scope|systemd-nspawn@(.+?)\\.service)(?:/|$)");

    private static final Pattern UNIT = Pattern.compile(".+\\.(?:service|scope|socket)$");

    /** A user's login: the programs in it are what matters. */
    private static final Pattern LOGIN = Pattern.compile("session-[^/]*\\.scope|user@\\d+\\.service|app-.*\\.scope");

    /** The program of that name within: its service is the unit, else the container, else the program itself. */
    Program program(String name) {
        String service = unit != null ? unit : container != null ? container : name;
        return new Program(name, service, container);
    }

    static Cgroup parse(List<String> lines) {
        Optional<String> v2 = lines.stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring(3))
                .findFirst();
        Optional<String> systemd = lines.stream()
                .filter(line -> line.contains(":name=systemd:"))
                .map(Cgroup::path)
                .findFirst();
        String place = v2.filter(path -> !path.equals("/")).or(() -> systemd).orElse("/");
        String container = container(place);
        if (container == null) {
            container = lines.stream()
                    .map(Cgroup::path)
                    .flatMap(path -> Optional.ofNullable(container(path)).stream())
                    .findFirst()
                    .orElse(null);
        }
        return new Cgroup(unit(place), container);
    }

    /** {@code hierarchy:controllers:path}; the path may hold colons. */
    private static String path(String line) {
        int second = line.indexOf(':', line.indexOf(':') + 1);
        return second < 0 ? "/" : line.substring(second + 1);
    }

    private static @Nullable String container(String path) {
        for (String part : path.split("/", -1)) {
            Matcher digits = DIGITS.matcher(part);
            if (digits.find()) {
                return digits.group(1);
            }
        }
        Matcher nspawn = NSPAWN.matcher(path);
        if (nspawn.find()) {
            return nspawn.group(1) != null ? nspawn.group(1) : nspawn.group(2);
        }
        Matcher lxc = LXC.matcher(path);
        return lxc.find() ? lxc.group(1) : null;
    }

    private static @Nullable String unit(String path) {
        String[] parts = path.split("/", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            String part = parts[i];
            boolean ofContainer = DIGITS.matcher(part).find();
            if (UNIT.matcher(part).matches() && !LOGIN.matcher(part).matches() && !ofContainer) {
                return part;
            }
        }
        return null;
    }
}
