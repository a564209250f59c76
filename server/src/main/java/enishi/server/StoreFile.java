package enishi.server;

import enishi.server.http.FirstStart;
import enishi.server.store.StoreException;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import enishi.server.store.duckdb.copies.Verification;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What is done to the store's file while no server runs on its state folder: copy it, bring one back, read it whole. */
final class StoreFile {
    private static final int MEMORY_MIB = 512;
    private final Home home;
    private final PrintStream out;
    private final PrintStream err;

    StoreFile(Home home, PrintStream out, PrintStream err) {
        this.home = home;
        this.out = out;
        this.err = err;
    }

    /** While the lock of the state folder is held. */
    private interface Work {
        ExitCode run() throws IOException;
    }

    ExitCode backup(Path into) throws IOException {
        if (Files.notExists(home.database())) {
            return fail(ExitCode.STORE, "there is no store in " + home.folder() + " to make a backup of");
        }
        return alone("it is the server that makes the backup, but nothing answers at its address; try again", () -> {
            try (DuckDbStore store = DuckDbStore.open(settings(home.database()))) {
                store.backup(into);
            }
            out.println(into + ": " + Files.size(into) + " bytes");
            return ExitCode.OK;
        });
    }

    ExitCode verify(Optional<Path> file) throws IOException {
        if (file.isPresent()) {
            return Files.isRegularFile(file.get())
                    ? verify(file.get(), file.get())
                    : fail(ExitCode.STORE, "there is no file " + file.get());
        }
        if (Files.notExists(home.database())) {
            return fail(ExitCode.STORE, "there is no store in " + home.folder());
        }
        return alone(
                "verify a backup instead: enishi server backup FILE, then enishi server verify FILE",
                () -> verify(home.database(), home.database()));
    }

    /** Reads one file, which came from another perhaps. */
    private ExitCode verify(Path file, Path from) {
        Verification.Found found = DuckDbStore.verify(
                settings(file),
                table -> out.printf(
                        "%-18s %s%n",
                        table.name(),
                        table.damage().isEmpty() ? table.rows() + " rows" : "cannot be read: " + table.damage()));
        if (!found.faults().isEmpty()) {
            return fail(
                    ExitCode.STORE,
                    from + " is damaged: " + String.join("; ", found.faults()) + "; use a backup that is whole");
        }
        long rows = found.tables().stream().mapToLong(Verification.Table::rows).sum();
        out.println(from + " is whole: " + found.tables().size() + " tables, " + rows + " rows");
        return ExitCode.OK;
    }

    ExitCode restore(Path from) throws IOException {
        if (!Files.isRegularFile(from)) {
            return fail(ExitCode.STORE, "there is no file " + from);
        }
        if (Files.exists(settings(from).wal())) {
            return fail(
                    ExitCode.STORE,
                    "nothing restored: " + from + " has a log beside it, so it is no backup but a store that was not"
                            + " closed; make one with 'enishi server backup FILE'");
        }
        FirstStart.folder(home.folder());
        return alone("end that one first", () -> {
            if (isTaken()) {
                return fail(
                        ExitCode.STORE,
                        "nothing restored: " + home.database() + " is there already; move it and its .wal aside");
            }
            Path draft = home.database().resolveSibling(home.database().getFileName() + ".part");
            Files.deleteIfExists(draft);
            try {
                return restore(from, draft);
            } finally {
                Files.deleteIfExists(draft);
            }
        });
    }

    private boolean isTaken() throws IOException {
        Path file = home.database();
        return Files.exists(settings(file).wal(), LinkOption.NOFOLLOW_LINKS)
                || (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > 0);
    }

    /** What is verified is the copy itself, which then takes its place. */
    private ExitCode restore(Path from, Path draft) throws IOException {
        long free = Files.getFileStore(home.folder()).getUsableSpace();
        long reserve = settings(draft).freeBytesMin();
        if (free - reserve < Files.size(from)) {
            return fail(
                    ExitCode.STORE,
                    "nothing restored: " + free + " bytes are free in " + home.folder() + ", fewer than the "
                            + Files.size(from) + " of " + from + " and the reserve of " + reserve + "; make room");
        }
        copy(from, draft);
        ExitCode whole;
        try {
            whole = verify(draft, from);
        } catch (StoreException e) {
            return fail(
                    ExitCode.STORE, "nothing restored: " + from + " is no store that can be read: " + e.getMessage());
        }
        if (whole != ExitCode.OK) {
            return whole;
        }
        Files.move(draft, home.database(), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(home.folder(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        out.println("restored into " + home.database());
        if (Files.notExists(home.secret())) {
            err.println("enishi server: note: " + home.secret() + " is not there and no backup holds it; put it back"
                    + " before the server starts, or invite every host again");
        }
        return ExitCode.OK;
    }

    private static void copy(Path from, Path draft) throws IOException {
        FirstStart.file(draft);
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            long at = 0;
            long moved;
            do {
                moved = to.transferFrom(in, at, 1 << 20);
                at += moved;
            } while (moved > 0);
            to.force(true);
        }
    }

    private ExitCode alone(String otherwise, Work work) throws IOException {
        Optional<HomeLock> lock = HomeLock.take(home.serverLock());
        if (lock.isEmpty()) {
            return fail(
                    ExitCode.UNAVAILABLE,
                    home.folder() + " is held by the server with pid " + HomeLock.holder(home.serverLock()) + "; "
                            + otherwise);
        }
        HomeLock held = lock.get();
        try {
            return work.run();
        } finally {
            held.close();
        }
    }

    private static DuckDbSettings settings(Path file) {
        return DuckDbSettings.of(file).withMemory(MEMORY_MIB);
    }

    private ExitCode fail(ExitCode code, String why) {
        err.println("enishi server: " + why);
        return code;
    }
}
