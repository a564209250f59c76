package enishi.agent.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A file of JSON that a runtime keeps for itself. Read, it takes many times its length of a small heap. */
final class RuntimeFile {
    private static final int BYTES_MAX = 1 << 20;

    private RuntimeFile() {}

    /** Its content; empty where there is none, or none that this user may read. */
    static Optional<Json> read(Path path) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        }
        if (bytes.length > BYTES_MAX) {
            throw new IOException(path + " is longer than " + BYTES_MAX + " bytes");
        }
        return Optional.of(JsonReader.read(new String(bytes, StandardCharsets.UTF_8)));
    }
}
