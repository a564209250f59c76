package enishi.server.graph;

import enishi.model.Address;
import enishi.model.HostId;
import enishi.server.store.KnownHost;
import enishi.settings.Nearest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a NODE: {@code host}, {@code host/program}, {@code host/program:port}, {@code host/program[PID]},
 * {@code address}, {@code address:port}, {@code [v6]:port}, {@code unix:PATH}, {@code unix:@NAME},
 * {@code program:NAME}, {@code service:NAME}, {@code name:NAME}, {@code network:NAME}, {@code zone:NAME},
 * {@code site:NAME}. A host goes by name or id.
 */
public final class NodeParser {
    private static final Pattern V4_PORT = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+):(\\d{1,5})");
    private static final Pattern V6_PORT = Pattern.compile("\\[([0-9a-fA-F:.]+)](?::(\\d{1,5}))?");
    private static final Pattern PID = Pattern.compile("(.+)\\[(\\d+)]");
    private static final Pattern PORT = Pattern.compile("(.+):(\\d{1,5})");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private final Hosts hosts;

    public NodeParser(Hosts hosts) {
        this.hosts = hosts;
    }

    /** Reads a node. @throws UnknownNodeException if no known host is meant, or several are */
    public Node parse(String text) throws UnknownNodeException {
        int colon = text.indexOf(':');
        if (colon > 0) {
            String rest = text.substring(colon + 1);
            switch (text.substring(0, colon)) {
                case "program" -> {
                    return new Node.ProgramNamed(rest);
                }
                case "unix" -> {
                    return new Node.Socket(rest);
                }
                case "name" -> {
                    return new Node.Called(rest);
                }
                case "service" -> {
                    return new Node.ServiceNamed(rest);
                }
                case "network" -> {
                    return new Node.InNetwork(network(rest));
                }
                case "zone", "site" -> {
                    return new Node.Labelled(text.substring(0, colon), rest);
                }
                default -> {}
            }
        }
        Optional<Node> address = address(text);
        return address.isPresent() ? address.get() : onHost(text);
    }

    private String network(String name) throws UnknownNodeException {
        List<String> names = hosts.networks().names();
        if (!names.contains(name)) {
            throw new UnknownNodeException("no network is named '" + name + "'; the nearest known is '"
                    + Nearest.of(name, names) + "' (the server's setting 'network' names them)");
        }
        return name;
    }

    private static Optional<Node> address(String text) throws UnknownNodeException {
        Matcher v4 = V4_PORT.matcher(text);
        Matcher v6 = V6_PORT.matcher(text);
        try {
            if (v4.matches()) {
                return Optional.of(new Node.At(Address.parse(v4.group(1)), port(v4.group(2))));
            }
            if (v6.matches()) {
                return Optional.of(new Node.At(Address.parse(v6.group(1)), port(v6.group(2))));
            }
            return Optional.of(new Node.At(Address.parse(text), null));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Integer port(@Nullable String digits) throws UnknownNodeException {
        return digits == null ? null : number("port", digits, 0xffff);
    }

    private static int number(String what, String digits, int most) throws UnknownNodeException {
        if (digits.length() > 10 || Long.parseLong(digits) > most) {
            throw new UnknownNodeException("no " + what + " is " + digits + "; the largest is " + most);
        }
        return Integer.parseInt(digits);
    }

    private Node onHost(String text) throws UnknownNodeException {
        int slash = text.indexOf('/');
        HostId host = host(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Node.OnHost(host, null, null, null);
        }
        String program = text.substring(slash + 1);
        Matcher pid = PID.matcher(program);
        if (pid.matches()) {
            return new Node.OnHost(host, pid.group(1), null, number("pid", pid.group(2), Integer.MAX_VALUE));
        }
        Matcher port = PORT.matcher(program);
        if (port.matches()) {
            return new Node.OnHost(host, port.group(1), port(port.group(2)), null);
        }
        return new Node.OnHost(host, program, null, null);
    }

    private HostId host(String name) throws UnknownNodeException {
        if (ID.matcher(name).matches() && hosts.byId(HostId.parse(name)).isPresent()) {
            return HostId.parse(name);
        }
        List<KnownHost> named = hosts.named(name);
        if (named.size() == 1) {
            return named.getFirst().host().id();
        }
        if (named.size() > 1) {
            throw new UnknownNodeException("several hosts are named '" + name + "'; say which by id: "
                    + String.join(
                            ", ",
                            named.stream()
                                    .map(each -> each.host().id().toString())
                                    .sorted()
                                    .toList()));
        }
        List<String> names =
                hosts.all().stream().map(each -> each.host().name()).distinct().toList();
        throw new UnknownNodeException("no host '" + name + "' has ever reported"
                + (names.isEmpty() ? "; no host has" : "; the nearest known is '" + Nearest.of(name, names) + "'"));
    }
}
