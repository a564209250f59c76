package enishi.agent.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Where segments are written. A disk that fails can be put in its place. */
@FunctionalInterface
interface Disk {

    /** Makes a new file; the file and its name are durable on return. */
    Output create(Path path) throws IOException;

    /** One file being written. */
    interface Output extends Closeable {

        /** Writes all of it; durable on return. */
        void append(ByteBuffer bytes) throws IOException;

        /** Cuts off what a failed append left behind. */
        void truncate(long length) throws IOException;
    }

    /** The disk of this host. */
    static Disk real() {
        return path -> {
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            folder(parent(path));
            return new RealOutput(file);
        };
    }

    /** Replaces a file as a whole: whoever reads it finds the old content or the new. */
    static void replace(Path path, byte[] content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        folder(parent(path));
    }

    /** Makes names made or removed in this folder durable. */
    static void folder(Path folder) throws IOException {
        try (FileChannel open = FileChannel.open(folder, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file lies in a folder");
    }

    /** A file of the operating system. */
    record RealOutput(FileChannel file) implements Output {
        @Override
        public void append(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        }

        @Override
        public void truncate(long length) throws IOException {
            file.truncate(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
