package enishi.lab;

import enishi.answer.Dependency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All of them. */
final class Torments {
    private static final Duration WHILE = Duration.ofSeconds(8);
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final int CHURN_PORT = 5_555;

    /** Takes the name it is given and asks so many closed ports, from the one given on. Says how many refused. */
    private static final String SCAN = """
            import socket, sys
            open('/proc/self/comm', 'w').write('scan')
            refused = 0
            for i in range(int(sys.argv[2])):
                with socket.socket() as s:
                    refused += s.connect_ex(('127.0.0.1', int(sys.argv[1]) + i)) == 111
            print(refused)
            """;

    /** Talks to itself under names meant to harm whoever prints, stores or parses them. Says port and count. */
    private static final String HOSTILE = """
            import os, socket
            names = [b'\\x1b[31mred', b'a\\nb\\tc', b'\\xff\\xfe\\xc0', b"';drop table", b'%s%n$(id)', b'../..',
                     b'{"a":1}', b'<script>', b'=1+1', b'a,b"c', '\\u202eevil'.encode(), b' ']
            with socket.create_server(('127.0.0.1', 0), backlog=99) as server:
                port = server.getsockname()[1]
                for name in names:
                    child = os.fork()
                    if child == 0:
                        open('/proc/self/comm', 'wb').write(name)
                        for i in range(3):
                            socket.create_connection(('127.0.0.1', port)).close()
                        os._exit(0)
                    assert os.waitpid(child, 0)[1] == 0
                    for i in range(3):
                        server.accept()[0].close()
            print(port, 3 * len(names))
            """;

    /** So many network namespaces, one after the other, each with one connection to itself on the port given. */
    private static final String CHURN = """
            import ctypes, fcntl, os, socket, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            open('/proc/self/comm', 'w').write('churn')
            for i in range(int(sys.argv[1])):
                child = os.fork()
                if child == 0:
                    assert libc.unshare(0x40000000) == 0  # CLONE_NEWNET
                    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                        fcntl.ioctl(s, 0x8914, struct.pack('16sh22x', b'lo', 1))  # SIOCSIFFLAGS, IFF_UP
                    with socket.create_server(('127.0.0.1', int(sys.argv[2]))) as server:
                        with socket.create_connection(server.getsockname()):
                            server.accept()[0].close()
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
            """;

    private Torments() {}

    /** Each of those that kill does so that many times. */
    static List<Torment> all(int kills) {
        return List.of(
                torment("agent killed", rig -> {
                    for (int kill = 0; kill < kills; kill++) {
                        rig.awaitWatching();
                        rig.passUpTo(Duration.ofSeconds(3));
                        rig.killAgent();
                    }
                    return Torment.Aftermath.NONE;
                }),
                torment("server killed", rig -> {
                    for (int kill = 0; kill < kills; kill++) {
                        rig.passUpTo(Duration.ofSeconds(3));
                        rig.killServer(Duration.ZERO);
                    }
                    return Torment.Aftermath.NONE;
                }),
                happening("agent paused", rig -> rig.pause(rig.agent(), WHILE)),
                happening("server paused", rig -> rig.pause(rig.server(), WHILE)),
                happening("server away", rig -> rig.killServer(WHILE)),
                happening("disk full", rig -> {
                    rig.disk().fill(0);
                    rig.pass(WHILE);
                    rig.disk().empty();
                }),
                happening("clock an hour ahead, back", rig -> jump(rig, AN_HOUR)),
                happening("clock an hour behind, back", rig -> jump(rig, AN_HOUR.negated())),
                torment("flood", rig -> counted(rig.does("load", "--count", "60000", "--window", "256"))),
                torment("fork storm", rig -> counted(rig.does("load", "--count", "2000", "--window", "40", "--fork"))),
                torment("port scan", Torments::scan),
                torment("hostile names", Torments::hostile),
                torment("namespaces come and go", rig -> {
                    int count = 100;
                    rig.python(CHURN, count, CHURN_PORT);
                    return all -> kept(all, each -> is(each, "churn") && isAt(each, CHURN_PORT), count);
                }));
    }

    private interface Happening {
        void happen(TortureRig rig) throws Exception;
    }

    private interface Tormenting {
        Torment.Aftermath happen(TortureRig rig) throws Exception;
    }

    private static Torment torment(String name, Tormenting what) {
        return new Torment() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Aftermath happen(TortureRig rig) throws Exception {
                return what.happen(rig);
            }
        };
    }

    private static Torment happening(String name, Happening what) {
        return torment(name, rig -> {
            what.happen(rig);
            return Torment.Aftermath.NONE;
        });
    }

    private static void jump(TortureRig rig, Duration by) throws Exception {
        rig.clock().set(by);
        rig.pass(WHILE);
        rig.clock().set(Duration.ZERO);
    }

    private static Torment.Aftermath counted(String said) {
        int port = number("port", said);
        int made = number("made", said);
        return all -> kept(all, each -> is(each, "load-client") && isAt(each, port), made);
    }

    private static Torment.Aftermath scan(TortureRig rig) throws Exception {
        long refused = Long.parseLong(rig.python(SCAN, 10_000, 8_000));
        return all -> {
            List<String> faults = new ArrayList<>();
            long told = all.stream()
                    .filter(each -> is(each, "scan"))
                    .mapToLong(Dependency::failures)
                    .sum();
            if (told != refused) {
                faults.add(refused + " attempts were refused, " + told + " are kept");
            }
            faults.addAll(kept(all, each -> is(each, "scan"), 0));
            return faults;
        };
    }

    private static Torment.Aftermath hostile(TortureRig rig) throws Exception {
        String[] said = rig.python(HOSTILE).split(" ", -1);
        int port = Integer.parseInt(said[0]);
        long count = Long.parseLong(said[1]);
        return all -> kept(all, each -> isAt(each, port), count);
    }

    private static boolean is(Dependency each, String clientProgram) {
        return clientProgram.equals(each.client().program());
    }

    private static boolean isAt(Dependency each, int port) {
        return each.server().isAt(port);
    }

    private static List<String> kept(List<Dependency> all, Predicate<Dependency> which, long made) {
        long kept =
                all.stream().filter(which).mapToLong(Dependency::connections).sum();
        return kept == made ? List.of() : List.of(made + " connections were made, " + kept + " are kept");
    }

    private static int number(String word, String line) {
        Matcher found = Pattern.compile("\"" + word + "\":(\\d+)").matcher(line);
        if (!found.find()) {
            throw new IllegalStateException("no " + word + " in " + line);
        }
        return Integer.parseInt(found.group(1));
    }
}
