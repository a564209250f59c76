package enishi.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.HostId;
import enishi.model.Rung;
import enishi.settings.ConfigurationException;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    Path folder;

    private Settings settings(Map<String, String> environment, String... arguments) throws ConfigurationException {
        return Settings.of(List.of(arguments), environment, new Home(folder));
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("enishi.yaml"), text);
    }

    @Test
    void nothingGivenIsEnough() throws ConfigurationException {
        Settings settings = settings(Map.of());
        assertThat(settings.server()).isEmpty();
        assertThat(settings.tokenFile()).isEqualTo(folder.resolve("agent.token"));
        assertThat(settings.rung()).isEmpty();
        assertThat(settings.spoolMib()).isEqualTo(64);
        assertThat(settings.flushSeconds()).isEqualTo(15);
        assertThat(settings.insecurePlainHttp()).isFalse();
        assertThat(settings.containerRuntimeSocket()).isEmpty();
    }

    @Test
    void theSocketOfARuntimeIsGivenLikeEveryOtherOption() throws ConfigurationException, IOException {
        yaml("agent:\n  container-runtime-socket: /run/file.sock\n");
        assertThat(settings(Map.of()).containerRuntimeSocket()).contains(Path.of("/run/file.sock"));
        Map<String, String> environment = Map.of("ENISHI_CONTAINER_RUNTIME_SOCKET", "/run/environment.sock");
        assertThat(settings(environment).containerRuntimeSocket()).contains(Path.of("/run/environment.sock"));
        assertThat(settings(environment, "--container-runtime-socket", "/run/flag.sock")
                        .containerRuntimeSocket())
                .contains(Path.of("/run/flag.sock"));
        assertThatThrownBy(() -> settings(Map.of(), "--container-socket", "/run/docker.sock"))
                .hasMessageContaining("the nearest known is 'container-runtime-socket'");
    }

    @Test
    void flagsWinOverEnvironmentOverFile() throws ConfigurationException, IOException {
        yaml("spool-mib: 10\nagent:\n  flush-seconds: 5\n  rung: proc\nserver:\n  listen: 0.0.0.0:1\n");
        Map<String, String> environment = Map.of("ENISHI_SPOOL_MIB", "20", "ENISHI_RUNG", "sock_diag");
        Settings settings = settings(environment, "--spool-mib", "30");
        assertThat(settings.spoolMib()).isEqualTo(30);
        assertThat(settings.rung()).contains(Rung.SOCK_DIAG);
        assertThat(settings.flushSeconds()).isEqualTo(5);
    }

    @Test
    void everythingCanBeGiven() throws ConfigurationException {
        Settings settings = settings(
                Map.of(),
                "--server=https://map:1",
                "--token-file",
                "/t",
                "--tls-ca=/ca.pem",
                "--host-id=000102030405060708090a0b0c0d0e0f",
                "--host-name",
                "web1",
                "--label",
                "site=tokyo",
                "--label=role=web",
                "--insecure-plain-http");
        assertThat(settings.server()).contains("https://map:1");
        assertThat(settings.tokenFile()).isEqualTo(Path.of("/t"));
        assertThat(settings.tlsCa()).contains(Path.of("/ca.pem"));
        assertThat(settings.hostId()).contains(HostId.parse("000102030405060708090a0b0c0d0e0f"));
        assertThat(settings.hostName()).contains("web1");
        assertThat(settings.labels()).isEqualTo(Map.of("site", "tokyo", "role", "web"));
        assertThat(settings.insecurePlainHttp()).isTrue();
    }

    @Test
    void theHomeOfAFlagHoldsTheFileThatIsRead() throws ConfigurationException, IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("enishi.yaml"), "agent: {spool-mib: 7}\n");
        Settings settings = settings(Map.of(), "--home", other.toString());
        assertThat(settings.spoolMib()).isEqualTo(7);
        assertThat(settings.tokenFile()).isEqualTo(other.resolve("agent.token"));
    }

    @Test
    void aServerAtTheTopOfTheFileIsTheOptionAndAMapIsThePart() throws ConfigurationException, IOException {
        yaml("server: https://map:1\n");
        assertThat(settings(Map.of()).server()).contains("https://map:1");
        yaml("server: {listen: here}\n");
        assertThat(settings(Map.of()).server()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "agent: {spol-mib: 3},spool-mib",
        "tokn-file: x,token-file",
        "agent: {home: /x},cannot be set in a configuration file",
        "home: /x,cannot be set in a configuration file",
        "agent: {spool-mib: many},whole number",
        "just words,holds no keys",
        "a: [,not valid YAML",
        "'label: {site: x}\nlabel: {site: y}',not valid YAML",
    })
    void aFileThatCannotBeUsedSaysWhy(String text, String because) throws IOException {
        yaml(text);
        assertThatThrownBy(() -> settings(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(because)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--spol-mib=3,spool-mib",
        "--spool-mib=3,from 4 to",
        "--spool-mib=x,whole number",
        "--flush-seconds=0,from 1 to 60",
        "--host-id=abc,32 hexadecimal",
        "--rung=sockdiag,sock_diag",
        "--label=site,key=value",
        "--label=SITE=x,key=value",
        "--host-name= ,host-name",
        "--insecure-plain-http=perhaps,true or false",
        "--config=/nowhere/enishi.yaml,no such file",
        "stray,unknown option",
    })
    void aFlagThatCannotBeUsedSaysWhy(String flag, String because) {
        assertThatThrownBy(() -> settings(Map.of(), flag))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(because);
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        yaml("# " + "x".repeat(70_000));
        assertThatThrownBy(() -> settings(Map.of())).hasMessageContaining("longer than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://far.example"})
    void tokensMayTravelOnLoopbackOrEncrypted(String server) throws ConfigurationException, IOException {
        assertThat(ServerAddress.of(settings(Map.of(), "--server", server)).now())
                .hasToString(server + "/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://10.0.0.1:1", "http://map.example", "http://127.0.0.1.example", "ftp://x", "map:1", ""})
    void tokensNeverTravelInClear(String server) {
        assertThatThrownBy(() -> ServerAddress.of(settings(Map.of(), "--server", server)))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void plainHttpMayBeAllowedForALaboratory() throws ConfigurationException, IOException {
        Settings settings = settings(Map.of(), "--server=http://10.0.0.1:1", "--insecure-plain-http");
        assertThat(ServerAddress.of(settings).now()).hasToString("http://10.0.0.1:1/");
    }

    @Test
    void theServerOfThisHomeIsFoundWheneverItComes() throws ConfigurationException, IOException {
        ServerAddress address = ServerAddress.of(settings(Map.of()));
        assertThat(address.now()).hasToString(ServerAddress.DEFAULT + "/");
        Files.writeString(folder.resolve("server.url"), "http://127.0.0.1:5555/?key=abc\n");
        assertThat(address.now()).hasToString("http://127.0.0.1:5555/");
    }
}
