package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.settings.ConfigurationException;
import enishi.settings.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Settings settings(List<String> arguments, Map<String, ?> yaml) throws ConfigurationException {
        return Settings.of(new Home(Path.of("/nowhere")), arguments, Map.of(), yaml);
    }

    @Test
    void networksComeFromTheFileAndFromOptions() throws ConfigurationException {
        Map<String, ?> yaml = Map.of("server", Map.of("network", Map.of("10.9.0.0/16", "office")));
        assertThat(settings(List.of(), Map.of()).networks().names()).containsExactly("external");
        assertThat(settings(List.of(), yaml).networks().names()).containsExactly("external", "office");
        List<String> more = List.of("--network", "2001:db8::/32=lab", "--network=10.8.0.0/16=plant");
        assertThat(settings(more, yaml).networks().names()).containsExactly("external", "lab", "office", "plant");
    }

    /** One file serves server and agent of a host. */
    @Test
    void labelsOfTheHostAreTheAgents() throws ConfigurationException {
        assertThat(settings(List.of(), Map.of("label", Map.of("site", "tokyo")))
                        .networks()
                        .names())
                .containsExactly("external");
    }

    @Test
    void aNetworkThatIsNoneIsRefusedWithASentence() {
        assertThatThrownBy(() -> settings(List.of("--network", "10.9.0.1/16=office"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the network '10.9.0.1/16' begins at 10.9.0.0/16");
        assertThatThrownBy(() -> settings(List.of("--network", "10.9.0.0/16"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("a network is written key=value, not '10.9.0.0/16'");
    }
}
