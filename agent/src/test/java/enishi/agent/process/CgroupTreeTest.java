package enishi.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the cgroups are, what their paths tell by id, and what this process may do. */
class CgroupTreeTest {
    @TempDir
    private Path folder;

    private long now = 10_000;

    private static long id(Path cgroup) throws IOException {
        return ((Number) Files.getAttribute(cgroup, "unix:ino")).longValue();
    }

    @Test
    void theIdOfACgroupTellsTheUnitOfAProcessThatHasEnded() throws IOException {
        Path unit = Files.createDirectories(folder.resolve("system.slice/cron.service"));
        CgroupTree tree = new CgroupTree(Optional.of(folder), () -> now);
        assertThat(tree.of(id(unit)).unit()).isEqualTo("cron.service");
        assertThat(tree.of(id(folder))).isEqualTo(Cgroup.NONE);
    }

    @Test
    void aCgroupMadeLaterIsFoundAfterAWhile() throws IOException {
        CgroupTree tree = new CgroupTree(Optional.of(folder), () -> now);
        assertThat(tree.of(-1)).isEqualTo(Cgroup.NONE);
        Path later = Files.createDirectories(folder.resolve("later.service"));
        assertThat(tree.of(id(later)).unit()).isNull();
        now += 3_000;
        assertThat(tree.of(id(later)).unit()).isEqualTo("later.service");
    }

    @Test
    void theMountThatShowsTheWholeHierarchyIsTaken() throws IOException {
        Path self = Files.createDirectories(folder.resolve("self"));
        Files.write(
                self.resolve("mountinfo"),
                List.of(
                        "30 1 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw",
                        "31 30 0:27 /.. /above rw shared:5 - cgroup2 cgroup2 rw",
                        "32 30 0:28 / /sys/fs/cgroup/uni\\040fied rw shared:9 - cgroup2 cgroup2 rw"));
        assertThat(Cgroup2.mount(folder)).contains(Path.of("/sys/fs/cgroup/uni fied"));
        Files.write(self.resolve("mountinfo"), List.of("30 1 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw"));
        assertThat(Cgroup2.mount(folder)).isEmpty();
    }

    @Test
    void whatThisProcessLacksIsNamed() throws IOException {
        Path self = Files.createDirectories(folder.resolve("self"));
        Files.writeString(self.resolve("status"), "Name:\tx\nCapEff:\t000000c000000000\n");
        assertThat(Capability.missing(folder, Capability.values())).containsExactly(Capability.CAP_NET_ADMIN);
        Files.writeString(self.resolve("status"), "CapEff:\t0000000000200000\n");
        assertThat(Capability.missing(folder, Capability.CAP_BPF, Capability.CAP_PERFMON))
                .as("CAP_SYS_ADMIN stands for both")
                .isEmpty();
    }
}
