package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.model.Address;
import enishi.model.Role;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was told against what the stack counts. */
class OpensCheckTest {
    private final OpensCheck check = new OpensCheck();

    @TempDir
    private Path process;

    @BeforeEach
    void theStackHasCountedBefore() throws IOException {
        stack(1_000, 500);
        check(2);
    }

    private void stack(long active, long passive) throws IOException {
        Files.createDirectories(process.resolve("net"));
        Files.writeString(
                process.resolve("net/snmp"),
                "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoMin ActiveOpens PassiveOpens Other\nTcp: 200 " + active
                        + " " + passive + " 9\nUdp: InDatagrams\nUdp: 3\n");
    }

    private void check(long connecting) {
        check.read(Map.of(0L, process));
        check.compare(namespace -> connecting);
    }

    private void told(Role role, long opened, long failed) {
        check.told(new KernelCounts(
                0,
                Transport.TCP,
                role,
                Address.ANY_V4,
                Address.ANY_V4,
                80,
                new Holder(1, 1, "x", 1),
                opened,
                0,
                opened,
                failed,
                0,
                0,
                true,
                0,
                0,
                null));
    }

    @Test
    void whatWasToldAndWhatIsStillConnectingIsAllThereIs() throws IOException {
        told(Role.CLIENT, 7, 3);
        told(Role.SERVER, 5, 0);
        stack(1_000 + 7 + 3 - 2 + 1, 505); // two were on their way before, one is now
        check(1);
        assertThat(check.unaccounted()).isZero();
        assertThat(check.neverAccepted()).isZero();
    }

    @Test
    void whatNobodyToldIsUnaccountedAndStaysSo() throws IOException {
        told(Role.CLIENT, 7, 0);
        stack(1_000 + 7 - 2 + 4, 500);
        check(0);
        assertThat(check.unaccounted()).as("it may be on its way").isZero();
        check(0);
        assertThat(check.unaccounted()).isEqualTo(4);
        told(Role.CLIENT, 20, 0); // told while the stack was read: hides some for the moment
        check(0);
        assertThat(check.unaccounted()).isEqualTo(4);
    }

    @Test
    void aNamespaceThatIsLeftKeepsItsPart() throws IOException {
        stack(1_003, 501);
        check(0);
        check(0);
        check.read(Map.of());
        assertThat(check.unaccounted()).isEqualTo(5);
        assertThat(check.neverAccepted()).isEqualTo(1);
    }
}
