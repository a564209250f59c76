package enishi.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The greatest sequence that needs no sending any more: 8 bytes, big-endian, and their CRC-32C. Where the file is
 * missing or damaged the cursor is 0 and everything is sent again, which changes nothing at the server.
 */
final class Cursor {
    private static final int BYTES = 12;
    private final Path path;
    private long sequence;

    private Cursor(Path path, long sequence) {
        this.path = path;
        this.sequence = sequence;
    }

    static Cursor open(Path path) throws IOException {
        if (!Files.exists(path) || Files.size(path) != BYTES) {
            return new Cursor(path, 0);
        }
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path));
        long sequence = content.getLong();
        return new Cursor(path, sequence >= 0 && checksum(sequence) == content.getInt() ? sequence : 0);
    }

    long sequence() {
        return sequence;
    }

    /**
     * Moves forward; durable on return. A full disk has no room for a new file, but the old one can be written over:
     * torn, it counts as damaged.
     */
    void move(long to) throws IOException {
        byte[] content =
                ByteBuffer.allocate(BYTES).putLong(to).putInt(checksum(to)).array();
        try {
            Disk.replace(path, content);
        } catch (IOException e) {
            if (!Files.exists(path)) {
                throw e;
            }
            Files.write(path, content, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        }
        sequence = to;
    }

    private static int checksum(long sequence) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).flip());
        return (int) crc.getValue();
    }
}
