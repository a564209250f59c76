package enishi.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Options.Known KNOWN = new Options.Known(
            Set.of("spool-mib", "server"), Set.of("quiet"), Set.of("label"), Set.of("agent", "server"));

    private static Options options(List<String> arguments, Map<String, String> environment, Map<String, ?> yaml)
            throws ConfigurationException {
        return Options.of("agent", KNOWN, arguments, environment, yaml);
    }

    @Test
    void aFlagWinsOverTheEnvironmentWhichWinsOverTheFile() throws ConfigurationException {
        Map<String, ?> yaml = Map.of("agent", Map.of("spool-mib", 1));
        Map<String, String> environment = Map.of("ENISHI_SPOOL_MIB", "2");
        assertThat(options(List.of(), Map.of(), yaml).text("spool-mib")).contains("1");
        assertThat(options(List.of(), environment, yaml).text("spool-mib")).contains("2");
        assertThat(options(List.of("--spool-mib", "3"), environment, yaml).text("spool-mib"))
                .contains("3");
    }

    @Test
    void thePartOfAnotherProcessIsNotRead() throws ConfigurationException {
        Map<String, ?> yaml = Map.of("server", Map.of("listen", "x"), "spool-mib", 4);
        assertThat(options(List.of(), Map.of(), yaml).text("spool-mib")).contains("4");
        assertThat(options(List.of(), Map.of(), yaml).text("server")).isEmpty();
    }

    @Test
    void aWordThatIsBothPartAndOptionIsToldApartByItsValue() throws ConfigurationException {
        assertThat(options(List.of(), Map.of(), Map.of("server", "https://map")).text("server"))
                .contains("https://map");
    }

    @Test
    void labelsAddUpOverTheSources() throws ConfigurationException {
        Map<String, ?> yaml = Map.of("label", Map.of("site", "tokyo", "role", "web"));
        assertThat(options(List.of("--label", "role=db", "--label=rack=7"), Map.of(), yaml)
                        .table("label"))
                .isEqualTo(Map.of("site", "tokyo", "role", "db", "rack", "7"));
    }

    @Test
    void switchesAreOnWhenGiven() throws ConfigurationException {
        assertThat(options(List.of(), Map.of(), Map.of()).on("quiet")).isFalse();
        assertThat(options(List.of("--quiet"), Map.of(), Map.of()).on("quiet")).isTrue();
        assertThat(options(List.of(), Map.of("ENISHI_QUIET", "true"), Map.of()).on("quiet"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "--spol-mib,option,spool-mib",
        "--servr=x,option,server",
        "--lable=x=y,option,label",
        "loose,option,quiet|label|server|spool-mib"
    })
    void anUnknownOptionNamesTheNearest(String flag, String kind, String nearest) {
        assertThatThrownBy(() -> options(List.of(flag), Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown " + kind)
                .message()
                .containsPattern("'(" + nearest + ")'$");
    }

    @Test
    void anUnknownKeyNamesTheNearest() {
        assertThatThrownBy(() -> options(List.of(), Map.of(), Map.of("agent", Map.of("spoolmib", 1))))
                .hasMessageContaining("unknown key 'spoolmib'")
                .hasMessageContaining("'spool-mib'");
    }

    @Test
    void aFlagWithoutItsValueIsAnError() {
        assertThatThrownBy(() -> options(List.of("--spool-mib"), Map.of(), Map.of()))
                .hasMessageContaining("needs a value");
    }

    @ParameterizedTest
    @CsvSource({"0", "11", "ten", "''", "1.5", "99999999999999999999"})
    void aNumberOutOfItsRangeNamesTheRange(String value) throws ConfigurationException {
        Options options = options(List.of("--spool-mib=" + value), Map.of(), Map.of());
        assertThatThrownBy(() -> options.number("spool-mib", 5, 1, 10))
                .hasMessageContaining("from 1 to 10")
                .hasMessageContaining("'" + value + "'");
    }

    @Test
    void theStateFolderIsStatedOrFollowsTheUser() {
        Path user = Path.of("/home/u");
        assertThat(Home.of(Map.of("ENISHI_HOME", "/x"), "root", user).folder()).isEqualTo(Path.of("/x"));
        assertThat(Home.of(Map.of(), "root", user).folder()).isEqualTo(Path.of("/var/lib/enishi"));
        assertThat(Home.of(Map.of(), "u", user).folder()).isEqualTo(Path.of("/home/u/.local/state/enishi"));
        assertThat(Home.of(Map.of("XDG_STATE_HOME", "/s"), "u", user).folder()).isEqualTo(Path.of("/s/enishi"));
    }
}
