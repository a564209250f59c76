package enishi.lab;

import enishi.answer.Dependency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;

/** Peers on a port of the test's own, over both transports and both loopback addresses. */
abstract class LifetimesKit {
    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    final int port = Sockets.freeBelowEphemeral();
    final Answered answered;

    LifetimesKit(Enishi shared) throws IOException {
        answered = new Answered(shared);
    }

    RealProgram peer(String name, String... acts) throws Exception {
        return RealProgram.peer(folder.path(), name, Place.LOOPBACK, acts);
    }

    /** These acts toward both loopback addresses over both transports. */
    String[] everyWay(String act, List<String> more) {
        List<String> acts = new ArrayList<>();
        for (String transport : List.of("tcp", "udp")) {
            for (String address : Place.LOOPBACK.addresses()) {
                acts.add(act + " " + transport + " " + address + " " + port);
            }
        }
        acts.addAll(more);
        return acts.toArray(String[]::new);
    }

    Set<Tie> everyTie(@Nullable String client, String server) {
        Set<Tie> ties = new HashSet<>();
        for (String address : Place.LOOPBACK.addresses()) {
            ties.add(Tie.tcp(client, server, address, port));
            ties.add(Tie.udp(client, server, address, port));
        }
        return ties;
    }

    boolean isOfThisTest(Dependency each) {
        return each.server().isAt(port);
    }

    void awaitListed(RealProgram server) throws Exception {
        String name = server.name();
        Set<Listed> everywhere = new HashSet<>();
        for (String address : Place.LOOPBACK.addresses()) {
            everywhere.add(Listed.udp(name, address, port));
            everywhere.add(Listed.tcp(name, address, port));
        }
        Answered.await(everywhere, () -> Listed.of(answered.listeners().items(), Set.of(name)));
    }

    static long connections(List<Dependency> dependencies) {
        return dependencies.stream().mapToLong(Dependency::connections).sum();
    }
}
