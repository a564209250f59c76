package enishi.server.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** What a bad disk does to a file. */
public final class Damage {
    private Damage() {}

    /** Turns every bit of one byte. */
    public static void flip(Path file, int at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int was = bytes.read();
            bytes.seek(at);
            bytes.write(~was);
        }
    }
}
