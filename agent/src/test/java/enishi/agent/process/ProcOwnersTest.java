package enishi.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.container.ContainerNames;
import enishi.model.ProcessId;
import enishi.model.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcOwnersTest {
    @TempDir
    private Path proc;

    private void process(int pid, String comm, long... inodes) throws IOException {
        Path folder = proc.resolve(Integer.toString(pid));
        Files.createDirectories(folder.resolve("fd"));
        String fields = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + (1000 + pid) + " 0 0";
        Files.write(folder.resolve("stat"), (pid + " (" + comm + ")" + fields).getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("cgroup"), "0::/\n");
        for (long inode : inodes) {
            Files.createSymbolicLink(folder.resolve("fd/" + inode), Path.of("socket:[" + inode + "]"));
        }
    }

    @Test
    void anyNameIsReadBetweenTheFirstAndTheLastParenthesis() throws IOException {
        process(7, "a) b (c", 42);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(42);
        owners.search();
        Owner owner = owners.ownerOf(42).orElseThrow();
        assertThat(owner.program().name()).isEqualTo("a) b (c");
        assertThat(owner.process().startTicks()).isEqualTo(1007);
        assertThat(owner.program().service()).isEqualTo("a) b (c");
    }

    @Test
    void aProcessThatEndsDuringTheSearchHurtsNoOther() throws IOException {
        process(9, "gone", 1);
        Files.delete(proc.resolve("9/stat"));
        process(8, "here", 2);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(1);
        owners.want(2);
        owners.search();
        assertThat(owners.ownerOf(1)).isEmpty();
        assertThat(owners.ownerOf(2)).isPresent();
    }

    @Test
    void anInodeNobodyHoldsIsGivenUpAfterWholeWalks() throws IOException {
        process(5, "other", 2);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(1);
        owners.search();
        assertThat(owners.gaveUp(1)).isFalse();
        owners.search();
        owners.search();
        assertThat(owners.gaveUp(1)).isTrue();
    }

    /** A new socket of a process that was looked at before is found by its number of descriptors, or in turn. */
    @Test
    void aSocketThatAKnownProcessGainsIsFound() throws IOException {
        process(5, "server", 2);
        process(6, "other", 3);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(2);
        owners.search();
        Files.createSymbolicLink(proc.resolve("5/fd/9"), Path.of("socket:[9]"));
        owners.want(9);
        owners.search();
        assertThat(owners.ownerOf(9).orElseThrow()).isSameAs(owners.ownerOf(2).orElseThrow());
    }

    /** The worker that lately gained sockets answers for one it shares with the master it was forked from. */
    @Test
    void ofSeveralHoldersTheNewestProcessIsTheOwner() throws IOException {
        process(5, "master", 2);
        process(6, "worker", 2);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(2);
        owners.search();
        assertThat(owners.ownerOf(2).orElseThrow().program().name()).isEqualTo("worker");
    }

    /** Nothing is wanted, so nothing is read: a folder that cannot be listed would be counted. */
    @Test
    void nothingIsReadWhileNothingIsWanted() {
        ProcOwners owners = new ProcOwners(proc.resolve("missing"), ContainerNames.NONE);
        owners.search();
        assertThat(owners.unreadable()).isZero();
        owners.want(1);
        owners.search();
        assertThat(owners.unreadable()).isEqualTo(1);
    }

    /** Its name may be learnt only after its first connection. */
    @Test
    void aContainerThatGetsItsNameLaterIsNamedFromThenOn() throws IOException {
        String id = "0123456789abcdef".repeat(4);
        process(7, "nginx", 42);
        Files.writeString(proc.resolve("7/cgroup"), "0::/system.slice/docker-" + id + ".scope\n");
        Map<String, String> told = new HashMap<>();
        ProcOwners owners = new ProcOwners(proc, each -> Optional.ofNullable(told.get(each)));
        ProcessId process = new ProcessId(7, 1007);
        assertThat(owners.named(process, "nginx", 1).program()).isEqualTo(new Program("nginx", id, id));
        told.put(id, "shop/web");
        assertThat(owners.named(process, "nginx", 1).program()).isEqualTo(new Program("nginx", "shop/web", id));
        assertThat(owners.named(process, "nginx", 1)).isSameAs(owners.named(process, "nginx", 1));
        owners.want(42);
        owners.search();
        assertThat(owners.ownerOf(42).orElseThrow().program().service()).isEqualTo("shop/web");
    }

    /** Socket activation: the first process listens, and starts the service when somebody asks. */
    @Test
    void aSocketThatTheFirstProcessKeptIsThatOfTheServiceItStarts() throws IOException {
        process(1, "systemd", 2);
        ProcOwners owners = new ProcOwners(proc, ContainerNames.NONE);
        owners.want(2);
        owners.search();
        assertThat(owners.ownerOf(2).orElseThrow().program().name()).isEqualTo("systemd");
        process(9, "sshd", 2, 3);
        owners.want(3);
        owners.search();
        assertThat(owners.ownerOf(3).orElseThrow().program().name()).isEqualTo("sshd");
        assertThat(owners.ownerOf(2).orElseThrow().program().name()).isEqualTo("sshd");
        owners.held(2, new Owner(new ProcessId(1, 1001), new Program("systemd", "systemd", null)));
        assertThat(owners.ownerOf(2).orElseThrow().program().name())
                .as("it goes on keeping the socket")
                .isEqualTo("sshd");
    }
}
