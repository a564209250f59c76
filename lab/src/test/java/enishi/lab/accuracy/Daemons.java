package enishi.lab.accuracy;

import enishi.lab.Enishi;
import enishi.lab.OpenFolder;
import enishi.lab.RealProgram;
import enishi.lab.Servers;
import enishi.lab.accuracy.Truth.Line;
import enishi.lab.accuracy.Truth.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Debian's servers, each set up to serve and to ask what the truth says of it. */
final class Daemons {
    private static final Set<String> NAMES =
            Set.of("haproxy", "nginx", "postgres", "redis-server", "memcached", "unbound", "rsyslogd", "chronyd");
    private final Site site;
    private final Truth truth;
    private final OpenFolder folder;

    Daemons(Site site, Truth truth, OpenFolder folder) {
        this.site = site;
        this.truth = truth;
        this.folder = folder;
    }

    static boolean isOne(Program program) {
        return NAMES.contains(program.name());
    }

    /** Starts all of them: first whoever asks nobody. */
    void start() throws Exception {
        List<Program> all =
                truth.programs().keySet().stream().filter(Daemons::isOne).toList();
        Predicate<Program> asks = each -> !asksOf(each).isEmpty();
        for (Program each : all.stream().filter(asks.negate()).toList()) {
            start(each);
        }
        for (Program each : all.stream().filter(asks).toList()) {
            start(each);
        }
        meet(all.stream().filter(each -> each.name().equals("redis-server")).toList());
    }

    private List<Line> asksOf(Program program) {
        return truth.of(each -> each.client().equals(program) && each.asksByItself());
    }

    private int port(Program program, String transport) {
        return truth.of(each ->
                        each.server().equals(program) && each.transport().equals(transport) && each.port() < 16_000)
                .getFirst()
                .port();
    }

    private void start(Program program) throws Exception {
        Path own = program.name().equals("postgres")
                ? folder.ownedBy("nobody", program.host() + "-postgres")
                : Files.createDirectory(folder.path().resolve(program.host() + "-" + program.name()));
        switch (program.name()) {
            case "haproxy" -> haproxy(program, own);
            case "nginx" -> nginx(program, own);
            case "postgres" -> postgres(program, own);
            case "redis-server" -> redis(program, own);
            case "memcached" ->
                run(
                        program,
                        "server listening (udp)",
                        "memcached",
                        "-vv",
                        "-u",
                        "root",
                        "-l",
                        site.address(program.host()),
                        "-p",
                        "11211",
                        "-U",
                        "11211");
            case "unbound" -> unbound(program, own);
            case "rsyslogd" -> rsyslog(program, own);
            case "chronyd" -> chrony(program, own);
            default -> throw new IllegalArgumentException("nobody knows how to start " + program);
        }
    }

    private RealProgram run(Program program, String until, String... command) throws Exception {
        return site.start(program, List.of(command)).saying(until);
    }

    private String targets(Program program, String transport, String format) {
        return asksOf(program).stream()
                .filter(each -> each.transport().equals(transport))
                .map(each -> format.formatted(
                        each.server().host(), site.address(each.server().host()), each.port()))
                .collect(Collectors.joining());
    }

    private void haproxy(Program program, Path own) throws Exception {
        Path file = Files.writeString(
                own.resolve("haproxy.cfg"),
                "global\n"
                        + targets(program, "udp", "  # %s\n  log %s:%d local0\n")
                        + """
                defaults
                  mode tcp
                  log global
                  option tcplog
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                listen proxy
                  bind %s:%d
                """.formatted(site.address(program.host()), port(program, "tcp"))
                        + targets(program, "tcp", "  server %s %s:%d\n"));
        run(program, "Loading success", "haproxy", "-W", "-db", "-f", file.toString());
    }

    private void nginx(Program program, Path own) throws Exception {
        String log = targets(program, "udp", "access_log syslog:server=%2$s:%3$d; # %1$s\n");
        Path file = Files.writeString(own.resolve("nginx.conf"), """
                daemon off;
                user root;
                worker_processes 2;
                pid nginx.pid;
                error_log stderr notice;
                events {}
                http {
                  %s
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  upstream apps { %s }
                  server { listen %s:%d; location / { proxy_pass http://apps; } }
                }
                """.formatted(
                        log.isEmpty() ? "access_log off;" : log,
                        targets(program, "tcp", "\n# %s\nserver %s:%d;\n"),
                        site.address(program.host()),
                        port(program, "tcp")));
        run(program, "start worker process", "nginx", "-p", own.toString(), "-c", file.toString());
    }

    private void postgres(Program program, Path own) throws Exception {
        Path data = own.resolve("data");
        List<Line> primary = asksOf(program);
        if (primary.isEmpty()) {
            asNobody(
                    program,
                    "initdb",
                    "--pgdata=" + data,
                    "--username=postgres",
                    "--auth=trust",
                    "--locale=C",
                    "--no-sync");
            Files.writeString(data.resolve("pg_hba.conf"), "host all all all trust\nhost replication all all trust\n");
        } else {
            String from = site.address(primary.getFirst().server().host());
            asNobody(
                    program,
                    "pg_basebackup",
                    "-h",
                    from,
                    "-U",
                    "postgres",
                    "-D",
                    data.toString(),
                    "-R",
                    "-X",
                    "stream",
                    "--checkpoint=fast",
                    "--no-sync");
        }
        List<String> command = nobody(
                "postgres",
                "-D",
                data.toString(),
                "-c",
                "fsync=off",
                "-c",
                "wal_receiver_status_interval=1s",
                "-c",
                "unix_socket_directories=",
                "-c",
                "listen_addresses=" + site.address(program.host()));
        site.start(program, command)
                .saying(primary.isEmpty() ? "ready to accept connections" : "started streaming WAL");
    }

    private void asNobody(Program program, String binary, String... arguments) throws Exception {
        RealProgram done = site.start(program, nobody(binary, arguments));
        if (done.ended(60) != 0) {
            throw new IllegalStateException(binary + " failed: " + done.said());
        }
    }

    private static List<String> nobody(String binary, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", Servers.postgresBinary(binary)));
        command.addAll(List.of(arguments));
        return command;
    }

    private Path redisSocket(Program program) {
        return folder.path().resolve(program.host() + "-redis-server/redis.sock");
    }

    private void redis(Program program, Path own) throws Exception {
        run(
                program,
                "Ready to accept connections",
                "redis-server",
                "--port",
                "" + port(program, "tcp"),
                "--bind",
                site.address(program.host()),
                "--protected-mode",
                "no",
                "--save",
                "",
                "--cluster-enabled",
                "yes",
                "--dir",
                own.toString(),
                "--unixsocket",
                redisSocket(program).toString());
    }

    /** Makes one cluster of all nodes, until each knows and is connected to all. */
    private void meet(List<Program> nodes) throws Exception {
        for (Program each : nodes) {
            if (!each.equals(nodes.getFirst())) {
                cli(nodes.getFirst(), "cluster meet " + site.address(each.host()) + " " + port(each, "tcp"));
            }
        }
        for (Program each : nodes) {
            Enishi.await(
                    "a whole cluster at " + each.host(),
                    () -> cli(each, "cluster nodes")
                                    .lines()
                                    .filter(line -> line.contains(" connected") && !line.contains("handshake"))
                                    .count()
                            == nodes.size());
        }
    }

    private String cli(Program node, String words) {
        return site.host(node.host()).says("sh", "-c", "redis-cli -s " + redisSocket(node) + " " + words);
    }

    private void unbound(Program program, Path own) throws Exception {
        String forward = targets(program, "udp", "# %s\nforward-zone:\n  name: \".\"\n  forward-addr: %s@%d\n");
        String data = forward.isEmpty() ? "local-zone: \"lab.\" static\n  local-data: \"a.lab. 0 A 192.0.2.1\"" : "";
        Path file = Files.writeString(own.resolve("unbound.conf"), """
                server:
                  directory: "%s"
                  chroot: ""
                  username: ""
                  pidfile: ""
                  use-syslog: no
                  logfile: ""
                  verbosity: 1
                  do-daemonize: no
                  module-config: "iterator"
                  cache-max-ttl: 0
                  qname-minimisation: no
                  interface: %s
                  port: %d
                  access-control: 10.94.0.0/24 allow
                  %s
                remote-control:
                  control-enable: no
                %s
                """.formatted(
                        own, site.address(program.host()), port(program, "udp"), data, forward));
        run(program, "start of service", "unbound", "-d", "-c", file.toString());
    }

    private void rsyslog(Program program, Path own) throws Exception {
        String at = " address=\"" + site.address(program.host()) + "\" port=\"514\")\n";
        Path file = Files.writeString(
                own.resolve("rsyslog.conf"),
                "module(load=\"imtcp\")\nmodule(load=\"imudp\")\n"
                        + "input(type=\"imtcp\"" + at + "input(type=\"imudp\"" + at
                        + "*.* action(type=\"omfile\" file=\"" + own.resolve("messages") + "\")\n");
        List<String> command = new ArrayList<>(Servers.unpacked("rsyslogd"));
        command.addAll(List.of("-n", "-i", own.resolve("rsyslog.pid").toString(), "-f", file.toString()));
        site.start(program, command);
        Enishi.await(
                "rsyslogd at its port",
                () -> site.host(program.host()).says("ss", "-Hltn").contains(":514"));
    }

    private void chrony(Program program, Path own) throws Exception {
        String asks = targets(program, "udp", "# %s\nserver %s port %d minpoll 1 maxpoll 2 iburst\nport 0\n");
        Path file = Files.writeString(
                own.resolve("chrony.conf"),
                (asks.isEmpty() ? "local stratum 1\nallow\nbindaddress " + site.address(program.host()) + "\n" : asks)
                        + "cmdport 0\nbindcmdaddress /\npidfile " + own.resolve("chrony.pid") + "\n");
        List<String> command = new ArrayList<>(Servers.unpacked("chronyd"));
        command.addAll(List.of("-x", "-d", "-u", "root", "-f", file.toString()));
        site.start(program, command).saying(asks.isEmpty() ? "starting" : "Selected source");
    }
}
