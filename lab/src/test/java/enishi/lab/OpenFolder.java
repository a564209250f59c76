package enishi.lab;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A temporary folder that every user may enter, as programs need it that do not run as root. */
public record OpenFolder(Path path) implements AutoCloseable {

    public static OpenFolder create() throws IOException {
        Path path = Files.createTempDirectory("enishi-lab");
        return new OpenFolder(Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    /** A folder in it that belongs to another user. */
    public Path ownedBy(String user, String name) throws IOException {
        Path folder = Files.createDirectory(path.resolve(name));
        return Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
