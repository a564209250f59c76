package enishi.cli.ask;

import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Takes in a long answer as a file that only its owner may read: whole and on disk, or not there. */
public final class Saving {
    private static final int BUFFER_BYTES = 1 << 16;
    private final Path file;
    private final Path draft;

    /** A file that must not be there yet; until it is whole it is called {@code FILE.part}. */
    public Saving(Path file) {
        this.file = file.toAbsolutePath();
        this.draft = this.file.resolveSibling(this.file.getFileName() + ".part");
        if (Files.exists(this.file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(ExitCode.USAGE, Text.safe(file + " exists; name another file, or move it aside"));
        }
    }

    /** What the answer says it is, and its bytes. */
    public record Coming(long bytes, InputStream body) {}

    /** Asks the server to make a backup, and takes it in. @return how many bytes it has */
    public long backup(Connect connect) {
        draft.toFile().deleteOnExit(); // Ctrl-C
        try (FileChannel out = open()) {
            long bytes = connect.post("backup", coming -> take(coming, out));
            end(out);
            return bytes;
        } catch (IOException e) {
            throw unwritten(e);
        } finally {
            delete();
        }
    }

    private FileChannel open() throws IOException {
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return FileChannel.open(draft, StandardOpenOption.WRITE);
    }

    private Failure unwritten(IOException e) {
        return new Failure(ExitCode.STORE, Text.safe("writing " + draft + " failed: " + e + "; nothing is left of it"));
    }

    /** An error of reading is the server's, one of writing ours. */
    private long take(Coming coming, FileChannel out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        var to = Channels.newOutputStream(out);
        long taken = 0;
        for (int read = coming.body().read(buffer);
                read >= 0;
                read = coming.body().read(buffer)) {
            try {
                to.write(buffer, 0, read);
            } catch (IOException e) {
                throw unwritten(e);
            }
            taken += read;
        }
        if (taken != coming.bytes()) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "the server's answer broke off after " + taken + " of " + coming.bytes()
                            + " bytes; nothing is left of it; ask again");
        }
        return taken;
    }

    private void end(FileChannel out) throws IOException {
        out.force(true);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw unwritten(e);
        }
    }
}
