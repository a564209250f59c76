package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedEntriesTest {
    private final NumberedEntries entries = new NumberedEntries();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        entries.close();
    }

    private List<Long> names() throws KernelException {
        List<Long> names = new ArrayList<>();
        entries.names(folder, names::add);
        return names;
    }

    private List<Long> sockets() throws KernelException {
        List<Long> inodes = new ArrayList<>();
        entries.sockets(folder, inodes::add);
        return inodes;
    }

    /** More than the kernel gives at once. */
    @Test
    void everyNumberIsHandedOnOnce() throws Exception {
        long count = 3001;
        for (long i = 1; i <= count; i++) {
            Files.createFile(folder.resolve(Long.toString(i)));
        }
        assertThat(names())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
    }

    @Test
    void namesThatAreNoNumbersArePassedOver() throws Exception {
        for (String name : List.of("self", "12x", "x12", "7")) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(names()).containsExactly(7L);
    }

    @Test
    void onlyLinksToSocketsCount() throws Exception {
        link(0, "socket:[4026531840]");
        link(1, "pipe:[77]");
        link(2, "/dev/null");
        link(3, "socket:[");
        link(4, "a/path/longer/than/any/link/to/a/socket/could/be/and/so/cut/socket:[5]");
        Files.createFile(folder.resolve("5"));
        assertThat(sockets()).containsExactly(4026531840L);
    }

    private void link(int name, String target) throws IOException {
        Files.createSymbolicLink(folder.resolve(Integer.toString(name)), Path.of(target));
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> entries.names(folder.resolve("missing"), each -> {}))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("missing");
    }
}
