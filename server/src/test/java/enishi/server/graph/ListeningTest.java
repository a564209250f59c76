package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.Transport;
import enishi.server.graph.Hosts.Place;
import enishi.server.store.KnownListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListeningTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final HostId DB = new HostId(0, 2);
    private static final HostId TWIN = new HostId(0, 3);
    private static final String WEB_AT = "10.0.0.1";
    private static final String DB_AT = "10.0.0.2";
    private final Site site = new Site()
            .host(WEB, "web1", WEB_AT)
            .host(DB, "db1", DB_AT)
            .host(TWIN, "db1", "10.0.0.3")
            .listener(DB, 0, Transport.TCP, "postgres")
            .listener(DB, 4, Transport.TCP, "postgres")
            .listener(DB, 0, Transport.UDP, "postgres")
            .listener(TWIN, 0, Transport.TCP, "postgres");

    private Set<KnownListener> unused(Half... halves) {
        return new Listening(site.listeners()).unused(site.join(halves));
    }

    private KnownListener listener(int index) {
        return site.listeners().get(index);
    }

    /** The other namespace, the other transport and the clone with the same name were not reached. */
    @Test
    void aDependencyUsesTheListenerOfItsHostNamespaceAndTransport() {
        assertThat(unused(client(WEB, "app", WEB_AT, DB_AT)))
                .containsExactlyInAnyOrder(listener(1), listener(2), listener(3));
        assertThat(unused(server(DB, "postgres", DB_AT, "192.0.2.1").in(4)))
                .containsExactlyInAnyOrder(listener(0), listener(2), listener(3));
    }

    @Test
    void anAttemptIsNoUse() {
        assertThat(unused(client(WEB, "app", WEB_AT, DB_AT).refused())).hasSize(4);
    }

    /** Better one that is kept than one that is switched off while somebody may use it. */
    @Test
    void whoeverMayHaveBeenMeantIsUsed() {
        Site shared =
                new Site().host(WEB, "web1", WEB_AT).host(DB, "db1", DB_AT).host(TWIN, "db2", DB_AT);
        List<Joined> joined = shared.join(client(WEB, "app", WEB_AT, DB_AT));
        assertThat(joined.getFirst().server().host()).isNull();
        assertThat(new Listening(site.listeners()).unused(joined)).containsExactlyInAnyOrder(listener(1), listener(2));
    }

    @Test
    void theListenerOfAPortIsFoundAmongMany() {
        List<KnownListener> many = new ArrayList<>();
        for (int port = 1; port <= 60_000; port++) {
            Listener listener = new Listener(DB, 0, Address.ANY_V4, port, Transport.TCP, false, null);
            many.add(new KnownListener(listener, List.of(), 0, 1));
        }
        Listening listening = new Listening(many);
        List<KnownListener> taking =
                listening.taking(List.of(new Place(DB, 0)), Address.parse(DB_AT), 443, Transport.TCP);
        assertThat(taking).hasSize(1);
        assertThat(taking.getFirst().listener().port()).isEqualTo(443);
        assertThat(listening.taking(List.of(new Place(DB, 0)), Address.parse("::1"), 443, Transport.TCP))
                .isEmpty();
    }
}
