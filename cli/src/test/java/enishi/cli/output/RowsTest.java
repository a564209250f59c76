package enishi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import enishi.model.Rung;
import enishi.model.Transport;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final Rows ROWS = new Rows(ZoneOffset.UTC);
    private static final int WHATEVER = Integer.MAX_VALUE;

    @Test
    void dependenciesFitEightyColumnsAndKeepProgramAndPort() {
        String table = ROWS.dependencies(Samples.answer(Samples.dependencies())).render(80);
        assertThat(table).isEqualTo("""
                CLIENT             SERVER              PROTO  CONN  OPEN  FAIL  SEEN    LAST
                web1/nginx         app1/appd:8000      tcp      42     3     1  both    11:58:30
                fron…/gunicorn-w…  db-…/postgres:5432  tcp      42     3     1  both    11:58:30
                web1/?             [2001:db8::53]:53   tcp      42     3     1  client  11:58:30
                192.0.2.7          京都…/データ…:5432  tcp      42     3     1  server  11:58:30
                h/=ev\\x1b[2Jil,"…  h/a b\\\\c            tcp      42     3     1  both    11:58:30
                """);
        assertThat(table.lines()).allMatch(line -> Text.width(line) <= 80);
    }

    @Test
    void nothingIsCutWhereThereIsRoom() {
        assertThat(ROWS.dependencies(Samples.answer(Samples.dependencies())).render(WHATEVER))
                .isEqualTo("""
                CLIENT                                                    SERVER                                                 PROTO  CONN  OPEN  FAIL  SEEN    LAST
                web1/nginx                                                app1/appd:8000                                         tcp      42     3     1  both    11:58:30
                frontend-7c9f.prod.eu-west-1.example.org/gunicorn-worker  db-primary-0.prod.eu-west-1.example.org/postgres:5432  tcp      42     3     1  both    11:58:30
                web1/?                                                    [2001:db8::53]:53                                      tcp      42     3     1  client  11:58:30
                192.0.2.7                                                 京都の計算機一号機/データベース:5432                   tcp      42     3     1  server  11:58:30
                h/=ev\\x1b[2Jil,"\\u202e\\x0a\\x09                            h/a b\\\\c                                               tcp      42     3     1  both    11:58:30
                """);
    }

    @Test
    void aDependencyInALineNamesBothEnds() {
        assertThat(Samples.dependencies().stream().map(Rows::line).toList())
                .containsExactly(
                        "web1/nginx → app1/appd:8000 tcp",
                        "frontend-7c9f.prod.eu-west-1.example.org/gunicorn-worker →"
                                + " db-primary-0.prod.eu-west-1.example.org/postgres:5432 tcp",
                        "web1/? → [2001:db8::53]:53 tcp",
                        "192.0.2.7 → 京都の計算機一号機/データベース:5432 tcp",
                        "h/=ev\\x1b[2Jil,\"\\u202e\\x0a\\x09 → h/a b\\\\c tcp");
    }

    @Test
    void anAddressIsShownInItsNetworkAndAFoldedNetworkAlone() {
        assertThat(Rows.line(Samples.toNetwork("payments", "203.0.113.9")))
                .isEqualTo("web1/nginx → payments/203.0.113.9:443 tcp");
        assertThat(Rows.line(Samples.toNetwork("cdn", "2001:db8::9")))
                .isEqualTo("web1/nginx → cdn/[2001:db8::9]:443 tcp");
        assertThat(Rows.line(Samples.toNetwork("external", ""))).isEqualTo("web1/nginx → external/*:443 tcp");
        assertThat(Rows.line(Samples.toNetwork("\u001b[2J", ""))).contains("\\x1b[2J/*:443");
        assertThat(Formats.csv(Samples.toNetwork("=1+1", "203.0.113.9"))).endsWith(",,,,,'=1+1\r\n");
    }

    @Test
    void whatWasLookedUpIsShownByItsName() {
        assertThat(Rows.line(Samples.toName("api.example", "203.0.113.9")))
                .isEqualTo("web1/nginx → api.example/203.0.113.9:443 tcp");
        assertThat(Rows.line(Samples.toName("api.example", ""))).isEqualTo("web1/nginx → api.example:443 tcp");
        assertThat(Formats.csv(Samples.toName("api.example", ""))).contains(",api.example,,,external\r\n");
    }

    @Test
    void aUnixSocketIsShownByItsPath() {
        Dependency unix = Samples.overUnix("/run/postgresql/.s.PGSQL.5432");
        assertThat(Rows.line(unix)).isEqualTo("vm/psql → vm/postgres unix:/run/postgresql/.s.PGSQL.5432");
        assertThat(ROWS.dependencies(Samples.answer(List.of(unix))).render(WHATEVER))
                .isEqualTo("""
                CLIENT   SERVER                                          PROTO  CONN  OPEN  FAIL  SEEN    LAST
                vm/psql  vm/postgres unix:/run/postgresql/.s.PGSQL.5432  unix   1000     0     0  client  11:58:30
                """);
        assertThat(Rows.line(Samples.overUnix("/run/\u001b[2J\n"))).endsWith("unix:/run/\\x1b[2J\\x0a");
    }

    @Test
    void hostsOfOneNameAreToldApartByTheirId() {
        List<HostItem> hosts = List.of(
                host("web1", "0123456789abcdef0123456789abcdef", Map.of("site", "tokyo", "zone", "a")),
                host("web1", "fedcba9876543210fedcba9876543210", Map.of()),
                host("db\u001B[1m1", "00000000000000000000000000000001", Map.of()));
        assertThat(ROWS.hosts(Samples.answer(hosts)).render(WHATEVER)).isEqualTo("""
                HOST                                   RUNG       LABELS             ADDRESSES           LAST REPORT
                web1 0123456789abcdef0123456789abcdef  sock_diag  site=tokyo zone=a  10.0.0.11 fd00::11  11-19 12:00:00
                web1 fedcba9876543210fedcba9876543210  sock_diag  -                  10.0.0.11 fd00::11  11-19 12:00:00
                db\\x1b[1m1                             sock_diag  -                  10.0.0.11 fd00::11  11-19 12:00:00
                """);
        assertThat(ROWS.hosts(Samples.answer(hosts)).render(80)).isEqualTo("""
                HOST              RUNG       LABELS            ADDRESSES          LAST REPORT
                web1 0123456789…  sock_diag  site=tokyo zone…  10.0.0.11 fd00::…  11-19 12:00:00
                web1 fedcba9876…  sock_diag  -                 10.0.0.11 fd00::…  11-19 12:00:00
                db\\x1b[1m1        sock_diag  -                 10.0.0.11 fd00::…  11-19 12:00:00
                """);
    }

    private static HostItem host(String name, String id, Map<String, String> labels) {
        return new HostItem(
                name,
                id,
                List.of("10.0.0.11", "fd00::11"),
                labels,
                Rung.SOCK_DIAG,
                Samples.NOON.minusSeconds(86_400 * 400L),
                Samples.NOON.minusSeconds(86_400),
                0);
    }

    @Test
    void servicesNameTheirProgramsAndEndpoints() {
        ServiceItem item = new ServiceItem(
                "web1",
                "nginx.service",
                List.of("nginx", "nginx-\u009Bx"),
                null,
                List.of("tcp/0.0.0.0:80", "tcp/[::]:443"),
                Samples.NOON,
                Samples.NOON.minusSeconds(86_400 * 400L));
        assertThat(ROWS.services(Samples.answer(List.of(item))).render(80)).isEqualTo("""
                HOST  SERVICE        PROGRAMS           LISTENS                 LAST
                web1  nginx.service  nginx nginx-\\x9bx  tcp/0.0.0.0:80 tcp/[:…  2025-10-16 12:00
                """);
    }

    @Test
    void listenersShowWhatIsUnknown() {
        List<ListenerItem> items = List.of(
                listener("10.0.0.11", 80, "nginx", List.of(812, 813)),
                listener("::", null, null, List.of()),
                listener("0.0.0.0", 5353, Samples.HOSTILE, List.of(1)));
        assertThat(ROWS.listeners(Samples.answer(items)).render(80)).isEqualTo("""
                HOST  PROTO  ADDRESS    PORT  PROGRAM                       PIDS     LAST
                web1  udp    10.0.0.11    80  nginx                         812 813  12:00:00
                web1  udp    ::            *  ?                             ?        12:00:00
                web1  udp    0.0.0.0    5353  =ev\\x1b[2Jil,"\\u202e\\x0a\\x09  1        12:00:00
                """);
    }

    private static ListenerItem listener(
            String address,
            @org.jspecify.annotations.Nullable Integer port,
            @org.jspecify.annotations.Nullable String program,
            List<Integer> pids) {
        return new ListenerItem(
                "web1", Transport.UDP, address, port, 0, program, null, null, pids, Samples.NOON, Samples.NOON, null);
    }

    @Test
    void anEmptyAnswerIsAHeading() {
        assertThat(ROWS.dependencies(Samples.answer(List.of())).render(80))
                .isEqualTo("CLIENT  SERVER  PROTO  CONN  OPEN  FAIL  SEEN  LAST\n");
    }
}
