package enishi.server.http;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.model.HostId;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** What the state folder needs before a server can run: the folder itself (0700), the secret and this host's tokens. */
public final class FirstStart {
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private FirstStart() {}

    /** Makes what is missing, leaves what is there, and returns the secret. */
    public static Secret prepare(Home home) throws IOException {
        folder(home.folder());
        if (!Files.exists(home.secret())) {
            write(home.secret(), Secret.random().text());
        }
        Secret secret;
        try {
            secret = Secret.parse(Files.readString(home.secret()));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    home.secret() + " holds no secret (" + e.getMessage()
                            + "); put back the file as it was, or remove it and invite every host again",
                    e);
        }
        if (!Files.exists(home.viewerToken())) {
            write(home.viewerToken(), secret.token(new Identity.Viewer()));
        }
        if (!Files.exists(home.hostId())) {
            write(home.hostId(), HostId.random(new SecureRandom()).toString());
        }
        if (!Files.exists(home.agentToken())) {
            HostId own = HostId.parse(Files.readString(home.hostId()).strip());
            write(home.agentToken(), secret.token(new Identity.Agent(own)));
        }
        return secret;
    }

    /** Makes a folder into which only its owner may look, if it is missing. */
    public static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, FOLDER);
    }

    /** Makes an empty file only its owner may read. */
    public static void file(Path file) throws IOException {
        Files.createFile(file, FILE);
    }

    /** Writes a file only its owner may read, whole or not at all. */
    public static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        file(draft);
        Files.writeString(draft, text + "\n", StandardOpenOption.WRITE);
        Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
