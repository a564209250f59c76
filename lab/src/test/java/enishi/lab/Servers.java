package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Debian's nginx, PostgreSQL and Redis, each in a folder of its own, until it accepts connections. */
public final class Servers {
    private Servers() {}

    /** nginx that hands every request on to the same address family of another server, and waits for its answer. */
    static RealProgram nginx(Path folder, Place at, int port, Place behind, int portBehind) throws Exception {
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                user root;
                worker_processes 2;
                pid nginx.pid;
                error_log stderr notice;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  proxy_read_timeout 600s;
                  server { listen %s:%d; location / { proxy_pass http://%s:%d; } }
                  server { listen [%s]:%d; location / { proxy_pass http://[%s]:%d; } }
                }
                """.formatted(
                        at.v4(), port, behind.v4(), portBehind, at.v6(), port, behind.v6(), portBehind));
        return start(folder, at, "nginx", "-p", folder.toString(), "-c", configuration.toString())
                .saying("start worker process");
    }

    /** HAProxy that hands streams on, each as a connection of its own. */
    static RealProgram haproxy(Path folder, int port, int portBehind) throws Exception {
        Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), """
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                listen proxy
                  bind 127.0.0.1:%d
                  server behind 127.0.0.1:%d
                """.formatted(port, portBehind));
        return start(folder, Place.LOOPBACK, "haproxy", "-W", "-db", "-f", configuration.toString())
                .saying("Loading success");
    }

    static RealProgram redis(Path folder, Place at, int port) throws Exception {
        return start(
                        folder,
                        at,
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        at.v4(),
                        at.v6(),
                        "--protected-mode",
                        "no",
                        "--save",
                        "")
                .saying("Ready to accept connections");
    }

    /** One node of a cluster, which asks from the address that it listens on; its bus listens 10000 ports above. */
    static RealProgram redisNode(Path folder, String address, int port) throws Exception {
        return start(
                        folder,
                        Place.LOOPBACK,
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        address,
                        "--bind-source-addr",
                        address,
                        "--protected-mode",
                        "no",
                        "--save",
                        "",
                        "--cluster-enabled",
                        "yes",
                        "--cluster-config-file",
                        "nodes-" + address + ".conf")
                .saying("Ready to accept connections");
    }

    /** memcached over TCP and UDP on the same port. */
    static RealProgram memcached(Path folder, String address, int port) throws Exception {
        String number = Integer.toString(port);
        return start(
                        folder,
                        Place.LOOPBACK,
                        "memcached",
                        "-vv",
                        "-u",
                        "root",
                        "-l",
                        address,
                        "-p",
                        number,
                        "-U",
                        number)
                .saying("server listening (udp)");
    }

    /** rsyslogd that takes messages at a socket and writes them to a file beside it. */
    static RealProgram rsyslog(Path folder, Path socket) throws Exception {
        Path configuration =
                Files.writeString(folder.resolve("rsyslog.conf"), """
                module(load="imuxsock" SysSock.Use="off")
                input(type="imuxsock" Socket="%s")
                *.* action(type="omfile" file="%s")
                """.formatted(socket, folder.resolve("messages")));
        RealProgram rsyslog = unpacked(folder, "rsyslogd", "-n", "-i", "rsyslog.pid", "-f", configuration.toString());
        Enishi.await("rsyslogd at " + socket, () -> Files.exists(socket));
        return rsyslog;
    }

    /** chronyd that knows the time, and tells it over UDP. */
    static RealProgram timeServer(Path folder, String address, int port) throws Exception {
        return chrony(folder, "server", "local stratum 1", "allow", "bindaddress " + address, "port " + port);
    }

    /** chronyd that asks for the time and, as the one that tells it, sets no clock. */
    static RealProgram timeClient(Path folder, String address, int port) throws Exception {
        return chrony(folder, "client", "server " + address + " port " + port + " iburst", "port 0")
                .saying("Selected source");
    }

    private static RealProgram chrony(Path folder, String name, String... lines) throws Exception {
        Path configuration = Files.writeString(
                folder.resolve(name + ".conf"),
                String.join("\n", lines) + "\ncmdport 0\nbindcmdaddress /\npidfile " + folder.resolve(name + ".pid")
                        + "\n");
        return unpacked(folder, "chronyd", "-x", "-d", "-u", "root", "-f", configuration.toString())
                .saying("starting");
    }

    /** A program that is not installed, lest it take the place of the machine's own: lab/software.sh unpacks it. */
    private static RealProgram unpacked(Path folder, String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(unpacked(program));
        command.addAll(List.of(arguments));
        return RealProgram.start(folder, command);
    }

    /** What a command of such a program begins with. */
    public static List<String> unpacked(String program) throws IOException {
        Path root = Enishi.ROOT.resolve("target/unpacked");
        Path libraries;
        try (Stream<Path> all = Files.list(root.resolve("usr/lib"))) {
            libraries = all.filter(each -> each.toString().endsWith("-linux-gnu"))
                    .findFirst()
                    .orElseThrow();
        }
        return List.of(
                "env",
                "LD_LIBRARY_PATH=" + libraries + ":" + root.resolve("lib").resolve(libraries.getFileName()),
                "RSYSLOG_MODDIR=" + libraries.resolve("rsyslog"),
                root.resolve("usr/sbin").resolve(program).toString());
    }

    /** unbound, which knows the answer to one question and asks nobody. */
    static RealProgram unbound(Path folder, String address, int port) throws Exception {
        return unbound(folder, address, port, "192.0.2.1");
    }

    /** The same with this for an answer. */
    static RealProgram unbound(Path folder, String address, int port, String answer) throws Exception {
        Path configuration =
                Files.writeString(folder.resolve("unbound.conf"), """
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
                  interface: %s
                  port: %d
                  access-control: 127.0.0.0/8 allow
                  local-zone: "lab." static
                  local-data: "a.lab. A %s"
                remote-control:
                  control-enable: no
                """.formatted(folder, address, port, answer));
        return start(folder, Place.LOOPBACK, "unbound", "-d", "-c", configuration.toString())
                .saying("start of service");
    }

    /** PostgreSQL, which refuses to run as root: as nobody, whose folder this must be. */
    static RealProgram postgres(Path folder, Place at, int port) throws Exception {
        return postgres(
                folder,
                at,
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=" + at.v4() + "," + at.v6(),
                "-c",
                "unix_socket_directories=");
    }

    /** PostgreSQL that listens at no address but at a socket {@code .s.PGSQL.5432} in this folder. */
    static RealProgram postgresWithSocket(Path folder) throws Exception {
        return postgres(folder, Place.LOOPBACK, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + folder);
    }

    private static RealProgram postgres(Path folder, Place at, String... options) throws Exception {
        Path data = folder.resolve("data");
        RealProgram initdb = start(
                folder,
                at.asNobody(),
                postgresBinary("initdb"),
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=trust",
                "--locale=C",
                "--no-sync");
        assertThat(initdb.ended(60)).as(initdb.said()).isZero();
        Files.writeString(data.resolve("pg_hba.conf"), "host all all all trust\nlocal all all trust\n");
        List<String> command =
                new ArrayList<>(List.of(postgresBinary("postgres"), "-D", data.toString(), "-c", "fsync=off"));
        command.addAll(List.of(options));
        return start(folder, at.asNobody(), command.toArray(String[]::new)).saying("ready to accept connections");
    }

    private static RealProgram start(Path folder, Place at, String... command) throws IOException {
        return RealProgram.start(folder, at.command(command));
    }

    /** Debian keeps them off the PATH, by version. */
    public static String postgresBinary(String name) throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IOException("no " + name + " under /usr/lib/postgresql; run ./test as root"))
                    .toString();
        }
    }
}
