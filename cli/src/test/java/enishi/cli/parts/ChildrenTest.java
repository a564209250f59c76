package enishi.cli.parts;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {
    @TempDir
    private Path folder;

    private Path dist;
    private Home home;

    @BeforeEach
    void build() throws IOException {
        dist = folder.resolve("dist");
        home = new Home(folder.resolve("home"));
        Files.createDirectories(dist.resolve("server"));
        made("server/one.jar", 1_000);
        made("server/two.jar", 2_000);
    }

    private void made(String file, long atMillis) throws IOException {
        Path path = dist.resolve(file);
        if (!Files.exists(path)) {
            Files.createFile(path);
        }
        Files.setLastModifiedTime(path, FileTime.fromMillis(atMillis));
    }

    private List<String> server() {
        return new Children(dist).server(home, List.of()).command();
    }

    @Test
    void aServerUsesTheCacheMadeOfItsJars() throws IOException {
        assertThat(server()).noneMatch(each -> each.startsWith("-XX:AOTCache"));
        made("server.aot", 3_000);
        assertThat(server()).contains("-XX:AOTCache=" + dist.resolve("server.aot"));
    }

    /** The JVM would run what the cache holds, which is older than the jar. */
    @Test
    void aCacheOlderThanAJarIsNotUsed() throws IOException {
        made("server.aot", 3_000);
        made("server/one.jar", 4_000);
        assertThat(server()).noneMatch(each -> each.startsWith("-XX:AOTCache"));
    }

    @Test
    void whatTheServerUnpacksLiesInThePrivateStateFolder() throws IOException {
        assertThat(server()).contains("-Djava.io.tmpdir=" + home.scratch());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsLeftToTheServerToComplainOf() throws IOException {
        Files.createFile(home.folder());
        assertThat(server()).noneMatch(each -> each.startsWith("-Djava.io.tmpdir"));
    }
}
