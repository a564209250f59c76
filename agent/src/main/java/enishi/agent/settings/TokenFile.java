package enishi.agent.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** The file that holds this host's token, read anew each time so that replacing it needs no restart. */
public record TokenFile(Path path) {
    private static final int BYTES_MAX = 4096;

    public String read() throws IOException {
        if (Files.size(path) > BYTES_MAX) {
            throw new IOException(path + " is too long for a token");
        }
        String token = Files.readString(path, StandardCharsets.UTF_8).strip();
        if (!token.matches("[!-~]+")) {
            throw new IOException(path + " holds no token");
        }
        return token;
    }

    /** Whether somebody else on this host could read it. */
    public boolean isOpenToOthers() throws IOException {
        Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(path);
        return allowed.contains(PosixFilePermission.GROUP_READ) || allowed.contains(PosixFilePermission.OTHERS_READ);
    }
}
