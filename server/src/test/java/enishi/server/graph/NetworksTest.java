package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.answer.Dependency;
import enishi.model.Address;
import enishi.model.HostId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is called how where nobody is watched. */
class NetworksTest {
    private static final HostId WEB = new HostId(0, 1);
    private static final String WEB_AT = "10.0.0.1";
    private static final Map<String, String> NAMED = Map.of(
            "10.9.0.0/16", "office",
            "10.9.7.0/24", "printers",
            "10.9.7.9/32", "the old one",
            "2606:4700::/32", "cdn",
            "::/0", "all of v6",
            "8.8.8.8/32", "resolver");

    private final Site site = new Site().networks(NAMED).host(WEB, "web1", WEB_AT);

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1,office",
        "10.9.255.255,office",
        "10.9.7.1,printers",
        "10.9.7.9,the old one",
        "2606:4700::1,cdn",
        "2001:db8::1,all of v6",
        "8.8.8.8,resolver",
        "10.8.255.255,",
        "10.10.0.0,",
        "8.8.8.9,"
    })
    void anAddressBelongsToTheNarrowestThatHoldsIt(String address, String name) {
        assertThat(Networks.of(NAMED).of(Address.parse(address))).isEqualTo(name);
    }

    @Test
    void allOfV4IsNotAllOfV6() {
        Networks all = Networks.of(Map.of("0.0.0.0/0", "four"));
        assertThat(all.of(Address.parse("255.1.2.3"))).isEqualTo("four");
        assertThat(all.of(Address.parse("::1"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0,x,ADDRESS/BITS",
        "office,x,ADDRESS/BITS",
        "10.0.0.0/33,x,more than 32 bits",
        "2001:db8::/129,x,more than 128 bits",
        "10.1.2.3/8,x,begins at 10.0.0.0/8",
        "10.0.0.0.0/8,x,not an IP address",
        "10.0.0.0/8,' ',needs a name"
    })
    void whatIsNoNetworkIsRefusedAndSaidWhy(String cidr, String name, String because) {
        assertThatThrownBy(() -> Networks.of(Map.of(cidr, name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(cidr.equals("10.0.0.0.0/8") ? "10.0.0.0.0" : cidr)
                .hasMessageContaining(because);
    }

    @Test
    void anUnwatchedEndIsInItsNetworkAndAGlobalOneExternal() {
        assertThat(Site.dependencies(site.join(
                        client(WEB, "app", WEB_AT, "10.9.7.1"),
                        client(WEB, "app", WEB_AT, "9.9.9.9"),
                        client(WEB, "app", WEB_AT, "10.77.0.1"),
                        server(WEB, "nginx", WEB_AT, "8.8.8.8"))))
                .extracting(
                        each -> each.client().network(), each -> each.server().network())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(null, "printers"),
                        org.assertj.core.groups.Tuple.tuple(null, "external"),
                        org.assertj.core.groups.Tuple.tuple(null, null),
                        org.assertj.core.groups.Tuple.tuple("resolver", null));
    }

    /** A watched host is what it is, also within a named range; and one that several may be is not outside. */
    @Test
    void aWatchedEndIsInNoNetwork() {
        site.host(new HostId(0, 2), "db1", "10.9.0.5")
                .host(new HostId(0, 3), "twin1", "9.9.9.9")
                .host(new HostId(0, 4), "twin2", "9.9.9.9");
        List<Dependency> all = Site.dependencies(
                site.join(client(WEB, "app", WEB_AT, "10.9.0.5"), client(WEB, "app", WEB_AT, "9.9.9.9")));
        assertThat(all)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.server().network()).isNull());
    }

    /** By name however many addresses it has; a watched server is what it is, whatever it was called. */
    @Test
    void whatWasAskedForByNameIsFoldedByIt() {
        site.host(new HostId(0, 2), "db1", "10.9.0.5");
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, "9.9.9.9").by("api.example"),
                client(WEB, "app", WEB_AT, "9.9.9.10").by("api.example"),
                client(WEB, "app", WEB_AT, "10.9.7.1").by("printer.example"),
                client(WEB, "app", WEB_AT, "10.77.0.1").by("odd.example"),
                client(WEB, "app", WEB_AT, "10.9.0.5").by("db.example"),
                server(new HostId(0, 2), "postgres", "10.9.0.5", WEB_AT));
        assertThat(Site.dependencies(joined))
                .extracting(each -> each.server().name(), each -> each.server().network())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("api.example", "external"),
                        org.assertj.core.groups.Tuple.tuple("api.example", "external"),
                        org.assertj.core.groups.Tuple.tuple("printer.example", "printers"),
                        org.assertj.core.groups.Tuple.tuple("odd.example", null),
                        org.assertj.core.groups.Tuple.tuple("db.example", null));
        assertThat(Site.dependencies(Level.SERVICE.fold(joined)))
                .extracting(
                        each -> each.server().name(),
                        each -> each.server().network(),
                        each -> each.server().address(),
                        Dependency::connections)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("api.example", "external", "", 6L),
                        org.assertj.core.groups.Tuple.tuple("printer.example", "printers", "", 3L),
                        org.assertj.core.groups.Tuple.tuple("odd.example", null, "", 3L),
                        org.assertj.core.groups.Tuple.tuple(null, null, "", 3L));
    }

    @Test
    void aboveProcessesANetworkStandsForItsAddresses() {
        List<Joined> joined = site.join(
                client(WEB, "app", WEB_AT, "9.9.9.9"),
                client(WEB, "app", WEB_AT, "9.9.9.10"),
                client(WEB, "app", WEB_AT, "10.9.7.1"),
                client(WEB, "app", WEB_AT, "10.9.7.2"),
                client(WEB, "app", WEB_AT, "10.77.0.1"));
        for (Level level : List.of(Level.SERVICE, Level.HOST, Level.ZONE, Level.SITE)) {
            assertThat(Site.dependencies(level.fold(joined)))
                    .extracting(
                            each -> each.server().network(),
                            each -> each.server().address(),
                            Dependency::connections)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("external", "", 6L),
                            org.assertj.core.groups.Tuple.tuple("printers", "", 6L),
                            org.assertj.core.groups.Tuple.tuple(null, "10.77.0.1", 3L));
        }
    }
}
