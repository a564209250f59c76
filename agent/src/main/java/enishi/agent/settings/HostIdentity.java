package enishi.agent.settings;

import enishi.model.HostId;
import enishi.settings.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Who this host is: the id it was told, else the one its token speaks for, else the one kept in the state folder, else
 * a random one. The last two are kept. Two that disagree are an error, for a server takes reports only as the token's
 * host.
 */
public final class HostIdentity {
    private final Path file;

    public HostIdentity(Path file) {
        this.file = file;
    }

    public HostId resolve(Optional<HostId> told, Optional<HostId> token) throws ConfigurationException {
        if (told.isPresent()) {
            if (token.isPresent() && !token.equals(told)) {
                throw new ConfigurationException("'host-id' says " + told.get() + " but the token speaks for "
                        + token.get() + "; leave host-id out, or ask the server for a token of this id");
            }
            return told.get();
        }
        Optional<HostId> kept = kept();
        if (token.isPresent() && kept.isPresent() && !token.equals(kept)) {
            throw new ConfigurationException("this host is " + kept.get() + " (" + file + ") but the token speaks for "
                    + token.get() + "; use this host's own token, or remove " + file + " if the host is to become "
                    + token.get());
        }
        HostId id = kept.or(() -> token).orElseGet(() -> HostId.random(new SecureRandom()));
        if (kept.isEmpty()) {
            keep(id);
        }
        return id;
    }

    private Optional<HostId> kept() throws ConfigurationException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    HostId.parse(Files.readString(file, StandardCharsets.UTF_8).strip()));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("cannot read the host id from " + file + " (" + Reason.of(e)
                    + "); mend it, or remove it and this host becomes a new one");
        }
    }

    private void keep(HostId id) throws ConfigurationException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, id + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ConfigurationException("cannot keep the host id in " + file + " (" + Reason.of(e) + ")");
        }
    }
}
