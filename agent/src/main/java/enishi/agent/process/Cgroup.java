package enishi.agent.process;

import enishi.agent.container.ContainerNames;
import enishi.model.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc/PID/cgroup} (cgroups(7)) tells of a process's place: its systemd unit and its container. The v2
 * line begins with {@code 0::}; on v1, and where both are mounted, any line may be the one that names the container.
 * Of containers within each other the innermost counts.
 *
 * @param unit the innermost systemd service or scope of the host that is not a login; of a container only the service
 *     that was made for it; or null
 * @param container the container's id as its runtime writes it, or its name where that is its id, or null
 * @param inner the unit within the container, where a systemd runs in it, or null
 */
record Cgroup(
        @Nullable String unit,
        @Nullable String container,
        @Nullable String inner) {
    static final Cgroup NONE = new Cgroup(null, null, null);

    /**
     * A container's 64 digits as docker, containerd, CRI-O, podman and nerdctl put them into a part of the path
     * ({@code docker-ID.scope}, {@code cri-containerd-ID.scope}, {@code crio-ID.scope}, {@code libpod-ID.scope},
     * {@code SLICE:cri-containerd:ID}, {@code /docker/ID}, {@code /kubepods/.../ID}).
     */
    private static final Pattern DIGITS = Pattern.compile("(?:(.*)[-:])?([0-9a-f]{64})(?:\\.scope)?");

    /** Watches over a container from outside: {@code crio-conmon-ID.scope}, {@code libpod-conmon-ID.scope}. */
    private static final String WATCHER = "conmon";

    /** Podman puts what a unit starts with {@code --cgroups=split}, as a quadlet does, beneath that unit. */
    private static final String OF_UNIT = "libpod-payload";

    /** {@code lxc.payload.NAME}, before LXC 4 {@code lxc.payload/NAME} and {@code lxc/NAME}: a name is the id. */
    private static final Pattern LXC = Pattern.compile("lxc\\.payload\\.(.+)");

    private static final Pattern LXC_PARENT = Pattern.compile("lxc(?:\\.payload)?");

    /** {@code machine-NAME.scope}, as libvirt's virtual machines are too, and {@code systemd-nspawn@NAME.service}. */
    private static final Pattern NSPAWN =
            Pattern.compile("machine-(?!qemu\\\\x2d)(.+)\\.scope|systemd-nspawn@(.+)\\.service");

    /** Where systemd-nspawn itself runs, beside the {@code payload}. */
    private static final String SUPERVISOR = "supervisor";

    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");

    private static final Pattern UNIT = Pattern.compile(".+\\.(?:service|scope|socket)");

    /** A user's login, and what a desktop or multiplexer starts in one: the programs in it are what matters. */
    private static final Pattern LOGIN =
            Pattern.compile("session-.*\\.scope|user@\\d+\\.service|app-.*\\.scope|.*-spawn-.*\\.scope");

    /** The program of that name within: its service is the unit, else the container, else the program itself. */
    Program program(String name, ContainerNames names) {
        if (container == null) {
            return new Program(name, unit == null ? name : unit, null);
        }
        String service =
                unit != null ? unit : isNumbered() ? names.nameOf(container).orElse(container) : container;
        return new Program(name, inner == null ? service : service + "/" + inner, container);
    }

    /** Whether the container has a number, and with it perhaps a name that may yet be learnt. */
    boolean isNumbered() {
        return container != null && DIGITS.matcher(container).matches();
    }

    static Cgroup parse(List<String> lines) {
        List<String> paths = new ArrayList<>();
        lines.stream().filter(line -> line.startsWith("0::")).map(Cgroup::path).forEach(paths::add);
        lines.stream()
                .filter(line -> line.contains(":name=systemd:"))
                .map(Cgroup::path)
                .forEach(paths::add);
        int telling = paths.size();
        lines.stream().map(Cgroup::path).forEach(paths::add);
        List<Cgroup> places = paths.stream().map(Cgroup::of).toList();
        return places.stream()
                .filter(each -> each.container != null)
                .findFirst()
                .or(() -> places.stream()
                        .limit(telling)
                        .filter(each -> each.unit != null)
                        .findFirst())
                .orElse(NONE);
    }

    /** {@code hierarchy:controllers:path}; the path may hold colons. */
    private static String path(String line) {
        int second = line.indexOf(':', line.indexOf(':') + 1);
        return second < 0 ? "/" : line.substring(second + 1);
    }

    private static Cgroup of(String path) {
        List<String> parts = List.of(path.split("/", -1));
        for (int i = parts.size() - 1; i >= 0; i--) {
            String container = container(parts, i);
            if (container != null) {
                String unit = parts.get(i).startsWith(OF_UNIT) ? unit(parts.subList(0, i)) : null;
                return new Cgroup(unit, container, unit(parts.subList(i + 1, parts.size())));
            }
        }
        return new Cgroup(unit(parts), null, null);
    }

    private static @Nullable String container(List<String> parts, int at) {
        String part = parts.get(at);
        Matcher digits = DIGITS.matcher(part);
        if (digits.matches()) {
            String before = digits.group(1);
            return before != null && before.endsWith(WATCHER) ? null : digits.group(2);
        }
        Matcher nspawn = NSPAWN.matcher(part);
        if (nspawn.matches()) {
            boolean supervises = at + 1 < parts.size() && parts.get(at + 1).equals(SUPERVISOR);
            return supervises ? null : unescaped(nspawn.group(1) != null ? nspawn.group(1) : nspawn.group(2));
        }
        Matcher lxc = LXC.matcher(part);
        if (lxc.matches()) {
            return lxc.group(1);
        }
        boolean named = at > 0 && LXC_PARENT.matcher(parts.get(at - 1)).matches() && !part.isEmpty();
        return named ? part : null;
    }

    /** A machine's name as systemd writes it into a unit's (systemd.unit(5)). */
    private static String unescaped(String name) {
        return ESCAPED.matcher(name)
                .replaceAll(
                        each -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(each.group(1), 16))));
    }

    private static @Nullable String unit(List<String> parts) {
        for (String part : parts.reversed()) {
            if (UNIT.matcher(part).matches()
                    && !LOGIN.matcher(part).matches()
                    && !DIGITS.matcher(part).matches()) {
                return part;
            }
        }
        return null;
    }
}
