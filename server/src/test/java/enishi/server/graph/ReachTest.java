package enishi.server.graph;

import static enishi.server.graph.Half.client;
import static enishi.server.graph.Half.server;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.HostId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** web -> app -> db -> backup, and what must not be taken for a part of that way. */
final class ReachTest {
    private static final HostId WEB = new HostId(1, 1);
    private static final HostId APP = new HostId(1, 2);
    private static final HostId DB = new HostId(1, 3);
    private static final HostId BACKUP = new HostId(1, 4);
    private static final String WEB_AT = "10.0.0.1";
    private static final String APP_AT = "10.0.0.2";
    private static final String DB_AT = "10.0.0.3";
    private static final String BACKUP_AT = "10.0.0.4";

    private final Site site = new Site()
            .host(WEB, "web1", WEB_AT)
            .host(APP, "app1", APP_AT)
            .host(DB, "db1", DB_AT)
            .host(BACKUP, "backup1", BACKUP_AT);

    private final List<Joined> all = site.join(
            client(WEB, "nginx", WEB_AT, APP_AT),
            server(APP, "puma", APP_AT, WEB_AT),
            client(APP, "puma", APP_AT, DB_AT),
            server(DB, "postgres", DB_AT, APP_AT),
            client(APP, "cron", APP_AT, BACKUP_AT),
            client(DB, "postgres", DB_AT, BACKUP_AT));

    private static boolean isBy(Joined joined, String program) {
        return program.equals(joined.dependency().client().program());
    }

    private List<String> from(Level level, String program, int depth, boolean towardServers) {
        return new Reach(all, level)
                .from(each -> isBy(each, program), depth, towardServers).stream()
                        .map(each -> each.dependency().client().program() + " -> "
                                + each.dependency().server().host())
                        .toList();
    }

    @Test
    void eachStepGoesOnWhereTheServerIsTheNextClient() {
        assertThat(from(Level.PROCESS, "nginx", 1, true)).containsExactly("nginx -> app1");
        assertThat(from(Level.SERVICE, "nginx", 2, true)).containsExactly("nginx -> app1", "puma -> db1");
        assertThat(from(Level.PROCESS, "nginx", 9, true))
                .as("cron runs on the same host and is another service")
                .containsExactly("nginx -> app1", "puma -> db1", "postgres -> backup1");
    }

    @Test
    void atTheLevelOfHostsWhateverRunsThereGoesOn() {
        assertThat(from(Level.HOST, "nginx", 2, true))
                .containsExactlyInAnyOrder("nginx -> app1", "puma -> db1", "cron -> backup1");
    }

    @Test
    void theOtherWayFindsWhoDependsAtLast() {
        assertThat(from(Level.PROCESS, "postgres", 3, false))
                .containsExactly("postgres -> backup1", "puma -> db1", "nginx -> app1");
    }

    /** Who listens on the backup host is unknown: two that end there are not thereby connected, nor goes it on. */
    @Test
    void nobodyGoesOnFromWhatIsUnknown() {
        List<Joined> unknown = site.join(
                client(WEB, "nginx", WEB_AT, BACKUP_AT),
                client(BACKUP, null, BACKUP_AT, DB_AT),
                client(DB, "postgres", DB_AT, "192.0.2.1"));
        List<Joined> found = new Reach(unknown, Level.PROCESS).from(each -> isBy(each, "nginx"), 5, true);
        assertThat(found).hasSize(1);
    }

    /** A ring ends. */
    @Test
    void aRingIsGoneRoundOnce() {
        List<Joined> ring = site.join(
                client(WEB, "a", WEB_AT, APP_AT),
                server(APP, "b", APP_AT, WEB_AT),
                client(APP, "b", APP_AT, WEB_AT),
                server(WEB, "a", WEB_AT, APP_AT));
        assertThat(new Reach(ring, Level.SERVICE).from(each -> isBy(each, "a"), 16, true))
                .hasSize(2);
    }
}
