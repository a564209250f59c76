package enishi.server.store.duckdb;

import enishi.server.store.StoreException;
import enishi.server.store.StoreFullException;
import enishi.server.store.duckdb.copies.Copying;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Makes one file of what is kept, all or nothing. It grows in a folder of its own, where nobody else may look. */
final class Backup {
    private static final System.Logger LOG = System.getLogger(Backup.class.getName());

    private Backup() {}

    static void make(Database database, DuckDbSettings settings, Path into) {
        Path file = into.toAbsolutePath();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException("no backup made: " + file + " exists; name another file, or move it aside");
        }
        try {
            Path folder = file.resolveSibling("");
            requireRoom(settings, folder);
            Path growing = Files.createTempDirectory(folder, file.getFileName() + ".part");
            try {
                Path copy = growing.resolve("copy");
                onThreadOfItsOwn(database, new Copying(copy));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
                force(copy, StandardOpenOption.WRITE);
                Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
                force(folder, StandardOpenOption.READ);
            } finally {
                remove(growing);
            }
        } catch (IOException | SQLException e) {
            throw new StoreException("cannot make the backup " + file + ": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof SQLException ? Database.reason(e) : e.toString();
    }

    private static void requireRoom(DuckDbSettings settings, Path folder) throws IOException {
        long bytes = Files.size(settings.file()) + (Files.exists(settings.wal()) ? Files.size(settings.wal()) : 0);
        boolean isSameDisk = Files.getFileStore(folder).equals(Files.getFileStore(settings.file()));
        long free = isSameDisk
                ? settings.freeBytes().getAsLong()
                : Files.getFileStore(folder).getUsableSpace();
        if (free - settings.freeBytesMin() < bytes) {
            throw new StoreFullException("no backup made: " + free + " bytes are free in " + folder
                    + ", fewer than the " + bytes + " it may take and the reserve of " + settings.freeBytesMin()
                    + "; make room");
        }
    }

    /** The engine works for long, and the asker may be a virtual thread, whose carrier it would hold. */
    private static void onThreadOfItsOwn(Database database, Copying copying) throws SQLException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            database.copy(copying);
            return null;
        });
        Thread.ofPlatform().daemon().name("store-backup").start(task);
        boolean interrupted = false;
        try {
            while (!task.isDone()) {
                try {
                    task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    copying.cancel();
                }
            }
            task.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new SQLException(Database.reason(e), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what is left of a backup could not be removed: " + folder, e);
        }
    }
}
