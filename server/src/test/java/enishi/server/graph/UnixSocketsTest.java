package enishi.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Role;
import enishi.model.Transport;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownListener;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dependencies within one host, over unix sockets: the client is a flow, the server whoever listened there. */
class UnixSocketsTest {
    private static final HostId VM = new HostId(0, 1);
    private static final HostId TWIN = new HostId(0, 2);
    private static final Address KEY = new Address(25, 4_711);
    private static final Address OTHER_KEY = new Address(25, 4_712);
    private static final String PATH = "/run/postgresql/.s.PGSQL.5432";
    private final Hosts hosts =
            new Site().host(VM, "vm", "10.0.0.1").host(TWIN, "twin", "10.0.0.2").hosts();

    private static FlowTotals asked(HostId host, long namespace, Address key, long opened) {
        Program psql = new Program("psql", "psql.service", null);
        Flow flow = new Flow(host, namespace, psql, Role.CLIENT, key, key, 0, Transport.UNIX, PATH);
        long failed = opened == 0 ? 2 : 0;
        return new FlowTotals(
                flow,
                opened,
                opened,
                failed,
                0,
                null,
                0,
                0,
                1_000,
                2_000,
                Set.of(Evidence.CONNECT),
                List.of(new ProcessId(7, 1)),
                0);
    }

    private static KnownListener listens(HostId host, long namespace, Address key, String program) {
        return listens(host, namespace, key, program, PATH);
    }

    private static KnownListener listens(HostId host, long namespace, Address key, String program, String path) {
        Program owner = new Program(program, program, null);
        Listener listener = new Listener(host, namespace, key, 0, Transport.UNIX, false, owner, path);
        return new KnownListener(listener, List.of(), 0, 3_000);
    }

    private List<Joined> join(FlowTotals flow, KnownListener... listeners) {
        return Join.of(List.of(flow), hosts, List.of(listeners));
    }

    @Test
    void theServerIsWhoeverListensAtTheSocket() {
        Joined joined = join(
                        asked(VM, 0, KEY, 1_000),
                        listens(VM, 0, KEY, "postgres"),
                        listens(VM, 0, OTHER_KEY, "other"),
                        listens(TWIN, 0, KEY, "twin"))
                .getFirst();
        Dependency dependency = joined.dependency();
        assertThat(dependency.client().program()).isEqualTo("psql");
        assertThat(dependency.client().address()).isNull();
        assertThat(dependency.server().host()).isEqualTo("vm");
        assertThat(dependency.server().program()).isEqualTo("postgres");
        assertThat(dependency.server().address()).isNull();
        assertThat(dependency.server().port()).isNull();
        assertThat(dependency.server().path()).isEqualTo(PATH);
        assertThat(dependency.transport()).isEqualTo(Transport.UNIX);
        assertThat(dependency.connections()).isEqualTo(1_000);
        assertThat(dependency.retransmits()).isNull();
        assertThat(joined.attempt()).isFalse();
    }

    /** A file system gives the number of a removed file to the next: both listened within the same two minutes. */
    @Test
    void whoListenedAtAFileOfTheSameNumberIsAnother() {
        KnownListener before = listens(VM, 0, KEY, "before", "/run/before");
        Joined joined = join(asked(VM, 0, KEY, 1), before, listens(VM, 0, KEY, "postgres"))
                .getFirst();
        assertThat(joined.dependency().server().program()).isEqualTo("postgres");
        assertThat(new Listening(List.of(before)).unused(List.of(joined))).containsExactly(before);
    }

    @Test
    void anAbstractNameMeansNobodyInAnotherNetworkNamespace() {
        Joined joined = join(asked(VM, 5, KEY, 1), listens(VM, 6, KEY, "other")).getFirst();
        assertThat(joined.dependency().server().program()).isNull();
        assertThat(joined.dependency().server().host()).isEqualTo("vm");
    }

    @Test
    void aListenerThatWasAskedIsNotUnused() {
        KnownListener asked = listens(VM, 0, KEY, "postgres");
        KnownListener other = listens(VM, 0, OTHER_KEY, "other");
        Listening listening = new Listening(List.of(asked, other));
        assertThat(listening.unused(join(asked(VM, 0, KEY, 1), asked, other))).containsExactly(other);
        assertThat(listening.unused(join(asked(VM, 0, KEY, 0), asked, other))).hasSize(2);
    }

    @Test
    void aSocketIsANodeByItsPath() throws Exception {
        Joined joined = join(asked(VM, 0, KEY, 1)).getFirst();
        NodeParser parser = new NodeParser(hosts);
        assertThat(parser.parse("unix:" + PATH).isServer(joined)).isTrue();
        assertThat(parser.parse("unix:" + PATH).isClient(joined)).isFalse();
        assertThat(parser.parse("unix:/run/other").isServer(joined)).isFalse();
        assertThat(parser.parse("10.0.0.1:5432").isServer(joined)).isFalse();
        assertThat(parser.parse("vm").isServer(joined)).isTrue();
    }

    @Test
    void foldedByServiceTheSocketStaysAndByHostItGoes() {
        List<Joined> joined = join(asked(VM, 0, KEY, 1), listens(VM, 0, KEY, "postgres"));
        assertThat(Level.SERVICE.fold(joined).getFirst().dependency().server().path())
                .isEqualTo(PATH);
        Dependency byHost = Level.HOST.fold(joined).getFirst().dependency();
        assertThat(byHost.server().path()).isNull();
        assertThat(byHost.server().port()).isNull();
        assertThat(byHost.transport()).isEqualTo(Transport.UNIX);
    }
}
