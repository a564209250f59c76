package enishi.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.HostId;
import enishi.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdentityTest {
    private static final Optional<HostId> ONE = Optional.of(new HostId(1, 1));
    private static final Optional<HostId> OTHER = Optional.of(new HostId(2, 2));

    @TempDir
    Path folder;

    private HostId resolve(Optional<HostId> told, Optional<HostId> token) throws ConfigurationException {
        return new HostIdentity(folder.resolve("host-id")).resolve(told, token);
    }

    @Test
    void aRandomIdIsMadeOnceAndKeptPrivate() throws ConfigurationException, IOException {
        HostId first = resolve(Optional.empty(), Optional.empty());
        assertThat(resolve(Optional.empty(), Optional.empty())).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("host-id"))))
                .isEqualTo("rw-------");
    }

    @Test
    void theTokensHostIsTakenAndKept() throws ConfigurationException {
        assertThat(resolve(Optional.empty(), ONE)).isEqualTo(ONE.get());
        assertThat(resolve(Optional.empty(), Optional.empty())).isEqualTo(ONE.get());
    }

    @Test
    void aTokenOfAnotherHostIsAnErrorThatSaysWhatToDo() throws ConfigurationException {
        assertThat(resolve(Optional.empty(), ONE)).isEqualTo(ONE.get());
        assertThatThrownBy(() -> resolve(Optional.empty(), OTHER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(ONE.get().toString())
                .hasMessageContaining(OTHER.get().toString())
                .hasMessageContaining("remove");
    }

    @Test
    void whatIsToldOverridesWhatIsKeptButNotTheToken() throws ConfigurationException {
        assertThat(resolve(Optional.empty(), ONE)).isEqualTo(ONE.get());
        assertThat(resolve(OTHER, OTHER)).isEqualTo(OTHER.get());
        assertThatThrownBy(() -> resolve(OTHER, ONE)).hasMessageContaining("host-id");
    }

    @Test
    void aDamagedFileIsNeverReplacedInSilence() throws IOException {
        Files.writeString(folder.resolve("host-id"), "garbage");
        assertThatThrownBy(() -> resolve(Optional.empty(), ONE)).hasMessageContaining("mend it");
    }
}
