package enishi.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of its own in memory, which can be filled and emptied again. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4096;
    private final Path folder;
    private final Path ballast;

    SmallDisk(Path folder, int mebibytes) throws IOException {
        this.folder = Files.createDirectory(folder);
        ballast = folder.resolve("ballast");
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + mebibytes + "m", "enishi-small-disk", folder.toString());
    }

    Path folder() {
        return folder;
    }

    private long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Leaves no more than so many bytes, in whole blocks. */
    void fill(long leavingBytes) throws IOException {
        try (FileChannel file = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long tooMuch = freeBytes() - leavingBytes;
            while (tooMuch >= BLOCK) {
                file.write(ByteBuffer.allocate((int) Math.min(1 << 20, tooMuch)));
                tooMuch = freeBytes() - leavingBytes;
            }
        }
    }

    void empty() throws IOException {
        Files.delete(ballast);
    }

    /** Also while files on it are still open. */
    @Override
    public void close() throws IOException {
        run("umount", "--lazy", folder.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted during " + String.join(" ", command), e);
        }
    }
}
