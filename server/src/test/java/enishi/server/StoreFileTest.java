package enishi.server;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.server.store.Damage;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowTotals;
import enishi.server.store.Reports;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's file copied, read and brought back while no server runs. */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder first
class StoreFileTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Home home(String name) {
        return new Home(folder.resolve(name));
    }

    private StoreFile at(Home home) {
        out.reset();
        err.reset();
        return new StoreFile(
                home,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private void refusedFor(String... words) {
        String said = err.toString(StandardCharsets.UTF_8);
        assertThat(said).startsWith("enishi server: ").hasLineCount(1).contains(words);
    }

    /** A state folder with a store of one flow. */
    private Home filled(String name) throws IOException {
        Home home = home(name);
        Files.createDirectory(home.folder());
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(home.database()))) {
            store.append(List.of(Reports.report(1, 5, 1, Reports.flow(1, 1), Reports.observation(0, 3))));
        }
        return home;
    }

    private Path backup() throws IOException {
        Path file = folder.resolve("backup");
        assertThat(at(filled("first")).backup(file)).isEqualTo(ExitCode.OK);
        return file;
    }

    private static List<FlowTotals> flows(Home home) {
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(home.database()))) {
            return store.flows(Reports.window(0, 9), FlowFilter.ALL);
        }
    }

    @Test
    void whatWasRestoredAnswersAsBeforeAndIsItsOwnersOnly() throws IOException {
        Path file = backup();
        Home second = home("second");
        assertThat(at(second).restore(file)).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(file + " is whole", "restored into ");
        refusedFor("note: ", "secret is not there", "invite every host again");
        assertThat(Files.getPosixFilePermissions(second.database()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(second.folder()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(second.folder().toFile().list()).containsExactlyInAnyOrder("enishi.duckdb", "server.lock");
        assertThat(flows(second)).hasSize(1).isEqualTo(flows(home("first")));
        assertThat(at(second).verify(Optional.empty())).isEqualTo(ExitCode.OK);
    }

    @Test
    void aStoreThatIsThereIsNotOverwrittenByRestoringAndNeitherIsItsLog() throws IOException {
        Path file = backup();
        Home other = filled("other");
        byte[] before = Files.readAllBytes(other.database());
        assertThat(at(other).restore(file)).isEqualTo(ExitCode.STORE);
        refusedFor(other.database() + " is there already", "move it and its .wal aside");
        assertThat(Files.readAllBytes(other.database())).isEqualTo(before);
        Home onlyLog = home("log");
        Files.createDirectory(onlyLog.folder());
        Files.writeString(onlyLog.folder().resolve("enishi.duckdb.wal"), "what was not folded yet");
        assertThat(at(onlyLog).restore(file)).isEqualTo(ExitCode.STORE);
        assertThat(onlyLog.database()).doesNotExist();
    }

    @Test
    void aDamagedBackupIsNotRestoredAndNothingIsLeftOfIt() throws IOException {
        Path file = backup();
        Damage.flip(file, 12_288 + (1 << 18) + 1_000);
        assertThat(at(home("first")).verify(Optional.of(file))).isEqualTo(ExitCode.STORE);
        refusedFor(file + " is damaged", "table ", "cannot be read", "checksum");
        Home second = home("second");
        assertThat(at(second).restore(file)).isEqualTo(ExitCode.STORE);
        refusedFor(file + " is damaged");
        Damage.flip(file, 12_288 + 1_000);
        assertThat(at(second).restore(file)).isEqualTo(ExitCode.STORE);
        refusedFor("nothing restored: " + file);
        Files.writeString(file, "no store");
        assertThat(at(second).restore(file)).isEqualTo(ExitCode.STORE);
        assertThat(second.folder().toFile().list()).containsExactly("server.lock");
    }

    @Test
    void aFileWithALogBesideItIsNoBackup() throws IOException {
        Path file = backup();
        Files.writeString(folder.resolve("backup.wal"), "");
        assertThat(at(home("second")).restore(file)).isEqualTo(ExitCode.STORE);
        refusedFor("has a log beside it");
    }

    @Test
    void whatIsNotThereIsSaidToBeMissingAndNotMade() throws IOException {
        Home none = home("none");
        Path file = folder.resolve("file");
        assertThat(at(none).backup(file)).isEqualTo(ExitCode.STORE);
        refusedFor("there is no store in " + none.folder());
        assertThat(at(none).verify(Optional.empty())).isEqualTo(ExitCode.STORE);
        assertThat(at(none).verify(Optional.of(file))).isEqualTo(ExitCode.STORE);
        assertThat(at(none).restore(file)).isEqualTo(ExitCode.STORE);
        refusedFor("there is no file " + file);
        assertThat(folder).isEmptyDirectory();
    }
}
