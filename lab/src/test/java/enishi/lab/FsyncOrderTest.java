package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class FsyncOrderTest {
    private static final int REPORTS = 25;

    @TempDir
    Path home;

    @Test
    void noReportIsAcknowledgedBeforeTheLogIsOnDisk() throws Exception {
        FsyncOrder.Outcome outcome = FsyncOrder.run(home, REPORTS);
        assertThat(outcome).isEqualTo(new FsyncOrder.Outcome(REPORTS, REPORTS, 0));
    }
}
